package dev.farspan.training.run;

/// How parameters follow their gradients: AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm
/// 2) with betas of 0.9 and 0.95.
///
/// @param rate the learning rate
/// @param weightDecay decay of matrices; vectors have none
/// @param clip largest norm of all gradients together; 0 for no limit
/// @param accumulate parts that a step's examples are computed in
public record Optimisation(LearningRate rate, double weightDecay, double clip, int accumulate) {
  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if one is negative, or there is no part
  public Optimisation {
    if (!(weightDecay >= 0) || !(clip >= 0) || accumulate < 1) {
      throw new IllegalArgumentException(
          "weight decay and clipping must not be negative and a step has at least one part, got "
              + "weightDecay=%s clip=%s accumulate=%d".formatted(weightDecay, clip, accumulate));
    }
  }
}
