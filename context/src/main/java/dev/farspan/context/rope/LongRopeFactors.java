package dev.farspan.context.rope;

import java.util.List;

/// LongRoPE: `theta'_i = 1 / (lambda_i * b^(2i/d))`, lambda short up to L and long beyond.
///
/// Source: arXiv 2402.13753 and transformers `_compute_longrope_parameters`, in float32.
final class LongRopeFactors {
  private LongRopeFactors() {}

  static float[] inverseFrequencies(RopeBase base, List<Double> divisors) {
    if (divisors.size() != base.pairs()) {
      throw new IllegalArgumentException(
          "longrope has "
              + divisors.size()
              + " factors for a rotary dimension of "
              + base.rotaryDim()
              + "; it needs "
              + base.pairs());
    }
    float[] frequencies = Unscaled.periods(base.rotaryDim(), base.theta());
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = 1 / (divisors.get(i).floatValue() * frequencies[i]);
    }
    return frequencies;
  }

  /// Returns `sqrt(1 + ln(factor) / ln(L))`, 1 for a factor up to 1 (transformers).
  static double attentionFactor(double factor, int original) {
    return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
  }
}
