package dev.farspan.context.rope;

/// NTK-by-parts with the paper's ramp, linear in the rotations of a pair over the trained length.
///
/// Source: arXiv 2309.00071 section 3.2. Published YaRN code ramps in the pair index instead; see
/// [YarnRope].
final class PartwiseNtk {
  private PartwiseNtk() {}

  static float[] inverseFrequencies(RopeBase base, FrequencyPolicy.NtkByParts policy) {
    // From the float32 table, so that pairs that are kept equal it bit for bit.
    float[] frequencies = Unscaled.inverseFrequencies(base.rotaryDim(), base.theta());
    for (int i = 0; i < frequencies.length; i++) {
      double trained = frequencies[i];
      double rotations = base.trainedLength() * trained / (2 * Math.PI);
      double keep = keep(rotations, policy.alpha(), policy.beta());
      frequencies[i] = (float) ((1 - keep) * trained / policy.factor() + keep * trained);
    }
    return frequencies;
  }

  /// Share of the trained frequency a pair keeps (gamma in the paper): 0 interpolated, 1 untouched.
  static double keep(double rotations, double alpha, double beta) {
    return Math.clamp((rotations - alpha) / (beta - alpha), 0.0, 1.0);
  }
}
