package dev.farspan.planner.training;

import java.util.List;

/// A published way to extend a trained model, and what it read.
///
/// @param name its method
/// @param source where it is described
/// @param steps optimiser steps
/// @param batch sequences of a step
/// @param sequences how long its sequences are
public record Recipe(String name, String source, int steps, int batch, Sequences sequences) {
  /// How long the sequences of a recipe are.
  public enum Sequences {
    /// As long as the context that is wanted.
    TARGET,
    /// As long as that, but at most 64k: the model reads on by itself.
    UP_TO_64K,
    /// As long as the model was trained for; positions alone are long.
    TRAINED
  }

  private static final int LIMIT_64K = 65_536;

  /// The recipes that costs are compared with.
  public static final List<Recipe> ALL =
      List.of(
          // 64 sequences for 8k, 128 for longer ones.
          new Recipe("position interpolation", "arXiv 2306.15595", 1000, 128, Sequences.TARGET),
          // 400 steps for s=16 and 200 more for s=32, both on 64k.
          new Recipe("YaRN", "arXiv 2309.00071", 600, 64, Sequences.UP_TO_64K),
          // Its shifted sparse attention costs less than the full attention counted here.
          new Recipe("LongLoRA", "arXiv 2309.12307", 1000, 64, Sequences.TARGET),
          new Recipe("PoSE", "arXiv 2309.10400", 1000, 64, Sequences.TRAINED));

  /// Returns how long its sequences are.
  ///
  /// @param trained tokens that the model was trained for
  /// @param target tokens that are wanted
  /// @return tokens of a sequence
  public int length(int trained, int target) {
    return switch (sequences) {
      case TARGET -> target;
      case UP_TO_64K -> Math.min(target, LIMIT_64K);
      case TRAINED -> trained;
    };
  }

  /// Returns how many tokens it reads.
  ///
  /// @param length tokens of a sequence
  /// @return tokens
  public double tokens(int length) {
    return (double) steps * batch * length;
  }
}
