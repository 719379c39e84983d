package dev.farspan.evaluation.task;

/// Something that can be asked about a long text.
///
/// A whole task of one's own:
///
/// ```java
/// record Phone() implements Task {
///   public TaskFacts facts() {
///     return new TaskFacts("phone", "Which number belongs to a name?", Scoring.ALL, 16, true);
///   }
///
///   public Layout layout(Draw draw) {
///     String number = Words.digits(draw.random("phone"), 7);
///     return new Layout(
///         "Read this text.\n",
///         new Filling.Running(),
///         List.of(new Insert(" The number of Ann is " + number + ".", draw.depth())),
///         List.of(new Question("\nWhat is the number of Ann?", " It is", List.of(number))));
///   }
/// }
/// ```
///
/// The same without Java: [JsonTask].
public interface Task {
  /// Returns what the task is.
  ///
  /// @return name, scoring and room for the answer
  TaskFacts facts();

  /// Returns the pieces of one sample: a pure function of the draw.
  ///
  /// @param draw which sample
  /// @return what is filled, hidden and asked
  Layout layout(Draw draw);
}
