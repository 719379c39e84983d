package dev.farspan.evaluation.task;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Which sample of a task: all that it may depend on.
///
/// @param seed seed of the whole run
/// @param index number of the sample
/// @param length tokens of prompt and answer together
/// @param depth where things are hidden, in percent of the filling: 0 at its start, 100 at its end
public record Draw(long seed, int index, int length, double depth) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L; // odd, spreads neighbouring indices

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException if the depth is not a percentage
  public Draw {
    if (!(depth >= 0 && depth <= 100)) {
      throw new IllegalArgumentException("a depth is between 0 and 100 percent, got " + depth);
    }
  }

  /// Returns the randomness of a sample. It depends on neither length nor depth, so that the cells
  /// of a grid differ in nothing else, and share their longest prefix.
  ///
  /// @param task name of the task
  /// @return a fresh generator
  public RandomGenerator random(String task) {
    return new SplittableRandom(seed * 31 + index * GOLDEN + task.hashCode());
  }
}
