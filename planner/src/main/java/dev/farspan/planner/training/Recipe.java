package dev.farspan.planner.training;

import java.util.List;

/// A published way to extend a trained model, and what it read.
///
/// @param name its method
/// @param source where it is described
/// @param steps optimiser steps
/// @param batch sequences of a step
public record Recipe(String name, String source, int steps, int batch) {
  /// The recipes that costs are compared with.
  public static final List<Recipe> ALL =
      List.of(
          new Recipe("position interpolation", "arXiv 2306.15595", 1000, 64),
          new Recipe("YaRN", "arXiv 2309.00071, s=16 then s=32", 600, 64),
          new Recipe("LongLoRA", "arXiv 2309.12307", 1000, 64));

  /// Returns how many tokens it reads.
  ///
  /// @param length tokens of a sequence
  /// @return tokens
  public double tokens(int length) {
    return (double) steps * batch * length;
  }
}
