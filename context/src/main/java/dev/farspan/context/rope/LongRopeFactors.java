package dev.farspan.context.rope;

import java.util.ArrayList;
import java.util.List;

/// LongRoPE: `theta'_i = 1 / (lambda_i * b^(2i/d))`, lambda short up to L and long beyond.
///
/// Source: arXiv 2402.13753 and transformers `_compute_longrope_parameters`, in float32.
final class LongRopeFactors {
  private static final int NEIGHBOURS = 4;

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

  /// Returns the divisors that give these frequencies, or come as near as 32 bits allow.
  static List<Double> divisors(RopeBase base, float[] frequencies) {
    float[] periods = Unscaled.periods(base.rotaryDim(), base.theta());
    List<Double> divisors = new ArrayList<>();
    for (int i = 0; i < periods.length; i++) {
      divisors.add((double) divisor(periods[i], frequencies[i]));
    }
    return divisors;
  }

  /// The quotient rounds, and so do both steps back; a neighbour of it may be exact.
  private static float divisor(float period, float frequency) {
    float quotient = (float) (1 / ((double) period * frequency));
    float candidate = quotient - NEIGHBOURS * Math.ulp(quotient);
    for (int i = 0; i <= 2 * NEIGHBOURS; i++) {
      if (1 / (candidate * period) == frequency) {
        return candidate;
      }
      candidate = Math.nextUp(candidate);
    }
    return quotient;
  }

  /// Returns `sqrt(1 + ln(factor) / ln(L))`, 1 for a factor up to 1 (transformers).
  static double attentionFactor(double factor, int original) {
    return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
  }
}
