package dev.farspan.evaluation.task;

/// What a task is.
///
/// @param name what it is called on the command line
/// @param asks one sentence: what is asked
/// @param scoring how an answer is judged
/// @param answerTokens tokens an answer may have; the length of a sample leaves room for them
/// @param placed whether [Draw#depth] decides where things are hidden; a task that is not placed
///   chooses its places itself
public record TaskFacts(
    String name, String asks, Scoring scoring, int answerTokens, boolean placed) {
  /// Checks the room.
  ///
  /// @throws IllegalArgumentException if there is none, or no name
  public TaskFacts {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a task has no name; give it one");
    }
    if (answerTokens < 1) {
      throw new IllegalArgumentException(
          "task '" + name + "' leaves no room for an answer; give it at least 1 token");
    }
  }
}
