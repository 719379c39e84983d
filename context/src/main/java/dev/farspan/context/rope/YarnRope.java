package dev.farspan.context.rope;

/// YaRN's table in the form of its published checkpoints: a ramp linear in the pair index.
///
/// Source: arXiv 2309.00071 section 3.2 and transformers `_compute_yarn_parameters`, in its float32
/// arithmetic. The paper's own ramp is [PartwiseNtk].
final class YarnRope {
  private YarnRope() {}

  static float[] inverseFrequencies(RopeBase base, double factor, int original, YarnRamp ramp) {
    double low = correctionIndex(base, ramp.betaFast(), original);
    double high = correctionIndex(base, ramp.betaSlow(), original);
    if (ramp.truncate()) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    // The upper bound is d - 1, not d/2 - 1: so it stands in every published implementation.
    return blend(base, factor, Math.max(low, 0), Math.min(high, base.rotaryDim() - 1));
  }

  /// Returns the (fractional) index of the pair that turns `rotations` times over the length.
  static double correctionIndex(RopeBase base, double rotations, int length) {
    double turns = Math.log(length / (rotations * 2 * Math.PI));
    return base.rotaryDim() * turns / (2 * Math.log(base.theta()));
  }

  private static float[] blend(RopeBase base, double factor, double low, double high) {
    double end = low == high ? high + 0.001 : high; // 0.001: transformers, against dividing by zero
    float[] frequencies = Unscaled.periods(base.rotaryDim(), base.theta());
    for (int i = 0; i < frequencies.length; i++) {
      float extrapolated = 1 / frequencies[i];
      float interpolated = 1 / ((float) factor * frequencies[i]);
      float keep = 1 - ramp(i, low, end);
      // Blending equal numbers could still round: a factor of 1 is the trained table bit for bit.
      frequencies[i] =
          interpolated == extrapolated
              ? extrapolated
              : interpolated * (1 - keep) + extrapolated * keep;
    }
    return frequencies;
  }

  private static float ramp(int pair, double low, double high) {
    return Math.clamp((pair - (float) low) / (float) (high - low), 0f, 1f);
  }
}
