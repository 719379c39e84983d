package dev.farspan.planner.time;

/// One short run of a calibration.
///
/// @param tokens tokens read, into an empty cache
/// @param readSeconds how long that took
/// @param writtenSeconds how long one token took after them
public record Sample(int tokens, double readSeconds, double writtenSeconds) {
  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if one is not positive
  public Sample {
    if (tokens < 1 || !(readSeconds > 0) || !(writtenSeconds > 0)) {
      throw new IllegalArgumentException(
          "a calibration needs a token and positive times, got %d tokens in %s s and %s s a token"
              .formatted(tokens, readSeconds, writtenSeconds));
    }
  }
}
