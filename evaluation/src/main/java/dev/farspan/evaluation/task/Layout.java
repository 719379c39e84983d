package dev.farspan.evaluation.task;

import java.util.List;

/// The pieces of a sample, in the order of the prompt.
///
/// @param opening what stands before the filling
/// @param filling what is filled up to the length
/// @param inserts what is hidden in the filling
/// @param questions asked about one and the same text, each by itself
public record Layout(
    String opening, Filling filling, List<Insert> inserts, List<Question> questions) {
  /// Copies the lists.
  ///
  /// @throws IllegalArgumentException if nothing is asked
  public Layout {
    inserts = List.copyOf(inserts);
    questions = List.copyOf(questions);
    if (questions.isEmpty()) {
      throw new IllegalArgumentException("a sample asks nothing; give it a question");
    }
  }
}
