package dev.farspan.context.rope;

/// Where YaRN's ramp between interpolated and untouched pairs begins and ends.
///
/// Defaults 32 and 1: arXiv 2309.00071 section 3.2 (there beta and alpha, chosen for LLaMA).
///
/// @param betaFast turns over the trained length above which a pair is left alone
/// @param betaSlow turns over the trained length below which a pair is interpolated fully
/// @param truncate whether the ends are rounded outwards to whole pair indices (transformers
///   `truncate`; gpt-oss sets it false)
public record YarnRamp(double betaFast, double betaSlow, boolean truncate) {
  /// The ramp of the published checkpoints.
  public static final YarnRamp DEFAULT = new YarnRamp(32, 1, true);

  /// Checks the values; they are refused, never swapped.
  ///
  /// @throws IllegalArgumentException unless `betaFast > betaSlow > 0`
  public YarnRamp {
    if (!(betaFast > betaSlow) || !(betaSlow > 0)) {
      throw new IllegalArgumentException(
          "beta_fast must be above beta_slow and both positive, got beta_fast="
              + betaFast
              + " and beta_slow="
              + betaSlow);
    }
  }
}
