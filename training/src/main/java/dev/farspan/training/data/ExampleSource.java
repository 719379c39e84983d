package dev.farspan.training.data;

import java.util.random.RandomGenerator;

/// Where examples come from: text, or a synthetic task.
public interface ExampleSource {
  /// Returns an example.
  ///
  /// @param random decides everything that is left to chance
  /// @param length predictions it is to have
  /// @return an example of exactly that length
  /// @throws IllegalArgumentException if the source cannot make one so short or so long
  Example draw(RandomGenerator random, int length);
}
