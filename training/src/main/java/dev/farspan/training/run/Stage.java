package dev.farspan.training.run;

/// A part of the curriculum.
///
/// @param until share of all steps after which it ends
/// @param length predictions of an example
/// @param batch examples of a step
public record Stage(double until, int length, int batch) {
  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if the share is not in (0, 1], or a size not positive
  public Stage {
    if (!(until > 0) || until > 1 || length < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "a stage ends after a share of (0, 1] and has positive sizes, got until=%s length=%d batch=%d"
              .formatted(until, length, batch));
    }
  }

  /// Returns this stage with several times as many examples in a step.
  ///
  /// @param factor how many times
  /// @return the stage
  public Stage times(int factor) {
    return new Stage(until, length, Math.multiplyExact(batch, factor));
  }
}
