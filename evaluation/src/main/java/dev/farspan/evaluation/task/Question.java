package dev.farspan.evaluation.task;

import java.util.List;

/// What is asked after the filling.
///
/// @param text the question
/// @param answerPrefix how the answer begins; the model goes on from there. After a chat template
///   it opens the assistant's turn
/// @param expected the references an answer is scored against
public record Question(String text, String answerPrefix, List<String> expected) {
  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if nothing is expected
  public Question {
    expected = List.copyOf(expected);
    if (expected.isEmpty() || expected.contains("")) {
      throw new IllegalArgumentException("a question expects no answer; give it a reference");
    }
  }
}
