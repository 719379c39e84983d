package dev.farspan.context.rope;

/// NTK-aware scaling: `b' = b * s^(d/(d-2))`, so the slowest pair is divided by exactly s.
///
/// Source: arXiv 2309.00071 section 3.1; transformers `_compute_dynamic_ntk_parameters` for the
/// base.
final class NtkAware {
  private NtkAware() {}

  static float[] inverseFrequencies(RopeBase base, double factor) {
    return Unscaled.inverseFrequencies(base.rotaryDim(), theta(base, factor));
  }

  /// Returns the raised base; a head of one pair has no slower pair to divide and keeps its base.
  static double theta(RopeBase base, double factor) {
    int d = base.rotaryDim();
    return d == 2 ? base.theta() : base.theta() * Math.pow(factor, (double) d / (d - 2));
  }

  /// Returns the scale of a dynamic policy at a length: `factor * n / L - (factor - 1)`.
  ///
  /// Source: transformers `_compute_dynamic_ntk_parameters`; `factor = 1` gives the paper's n/L
  /// (arXiv 2309.00071 section 3.3).
  static double scaleAt(double factor, int length, int trainedLength) {
    return factor * length / trainedLength - (factor - 1);
  }
}
