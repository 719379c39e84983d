package dev.farspan.context.rope;

/// The trained table: `theta_i = b^(-2i/d)`.
///
/// Source: RoFormer (arXiv 2104.09864 section 3.2.2) in the float32 arithmetic of transformers
/// `modeling_rope_utils.py`, whose roundings trained checkpoints have seen.
final class Unscaled {
  private Unscaled() {}

  /// Returns `b^(2i/d)` for every pair: the wavelength in positions over 2 pi, as float32.
  static float[] periods(int rotaryDim, double theta) {
    float[] periods = new float[rotaryDim / 2];
    for (int i = 0; i < periods.length; i++) {
      float exponent = (float) (2 * i) / rotaryDim;
      periods[i] = (float) Math.pow((float) theta, exponent);
    }
    return periods;
  }

  /// Returns `b^(-2i/d)` for every pair.
  static float[] inverseFrequencies(int rotaryDim, double theta) {
    float[] frequencies = periods(rotaryDim, theta);
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = 1 / frequencies[i];
    }
    return frequencies;
  }
}
