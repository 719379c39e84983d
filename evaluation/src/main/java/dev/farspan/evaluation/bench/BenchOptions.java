package dev.farspan.evaluation.bench;

import dev.farspan.kernels.MachineLimits;
import dev.farspan.runtime.kvcache.CacheType;
import java.time.Duration;
import java.util.Optional;

/// How a benchmark is run.
///
/// @param runs timed runs of each test, at least 1
/// @param block tokens of a prefill computed together, at least 1
/// @param cacheType what keys and values are stored as
/// @param warmUp how long the code of a test runs before it is timed; compilation needs seconds
/// @param limits what the machine can do at best; empty to leave fractions out
public record BenchOptions(
    int runs, int block, CacheType cacheType, Duration warmUp, Optional<MachineLimits> limits) {
  /// Checks the counts.
  ///
  /// @throws IllegalArgumentException if one is less than 1
  public BenchOptions {
    if (runs < 1 || block < 1) {
      throw new IllegalArgumentException(
          "runs and block must be at least 1, got " + runs + " and " + block);
    }
  }
}
