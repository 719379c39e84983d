package dev.farspan.training.run;

import java.util.random.RandomGenerator;

/// Which positions the tokens of an example stand at.
public sealed interface Positions {

  /// One after the other, from 0.
  record Consecutive() implements Positions {}

  /// Positional skip-wise training (PoSE, arXiv 2309.10400, section 3.2) with two chunks: the
  /// second starts after a gap, so that short examples show every distance up to a long target.
  ///
  /// @param target positions there are
  record Skipping(int target) implements Positions {
    /// Checks the target.
    public Skipping {
      if (target < 1) {
        throw new IllegalArgumentException("PoSE needs a positive target, got " + target);
      }
    }
  }

  /// Returns the positions of one example.
  ///
  /// @param random decides what is left to chance
  /// @param tokens how many there are
  /// @return ascending positions
  /// @throws IllegalArgumentException if the target is shorter than the example
  default int[] draw(RandomGenerator random, int tokens) {
    int[] positions = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      positions[i] = i;
    }
    if (this instanceof Skipping(int target)) {
      if (target < tokens) {
        throw new IllegalArgumentException(
            "PoSE's target of %d is shorter than an example of %d".formatted(target, tokens));
      }
      int gap = random.nextInt(target - tokens + 1);
      for (int i = random.nextInt(1, Math.max(2, tokens)); i < tokens; i++) {
        positions[i] += gap;
      }
    }
    return positions;
  }
}
