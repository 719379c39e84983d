package dev.farspan.evaluation.task;

import java.util.List;
import java.util.function.IntFunction;

/// What makes a sample long.
public sealed interface Filling {
  /// The haystack: running text, cut at any token, so that a sample has exactly its length.
  record Running() implements Filling {}

  /// Pieces that stay whole: as many as fit.
  ///
  /// @param pieces the filling of a size, for sizes from 0; a larger size never has fewer tokens.
  ///   Inserts go between pieces
  record Pieces(IntFunction<List<String>> pieces) implements Filling {}
}
