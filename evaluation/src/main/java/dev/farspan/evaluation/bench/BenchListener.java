package dev.farspan.evaluation.bench;

/// Hears how a benchmark goes on.
@FunctionalInterface
public interface BenchListener {
  /// What is going on.
  enum Phase {
    /// A session is filled to the depth of a test.
    FILLING,
    /// Runs are timed.
    TIMING
  }

  /// Called as tokens are computed.
  ///
  /// @param phase what they are computed for
  /// @param done tokens of this phase so far
  /// @param total tokens of this phase
  void onTokens(Phase phase, long done, long total);
}
