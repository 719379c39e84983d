package dev.farspan.context.rope;

/// Position interpolation (arXiv 2306.15595 equation 4): `theta'_i = theta_i / s`.
final class Interpolation {
  private Interpolation() {}

  static float[] inverseFrequencies(RopeBase base, double factor) {
    float[] frequencies = Unscaled.inverseFrequencies(base.rotaryDim(), base.theta());
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] /= (float) factor;
    }
    return frequencies;
  }
}
