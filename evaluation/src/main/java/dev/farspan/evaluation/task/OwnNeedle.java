package dev.farspan.evaluation.task;

import java.util.List;

/// One sentence of the user's, hidden in a haystack and asked for; scored by the share of the
/// answer's words that come back, or by a judge.
///
/// @param needle what is hidden
/// @param question what is asked
/// @param answer the reference
public record OwnNeedle(String needle, String question, String answer) implements Task {
  private static final int ANSWER_TOKENS = 48;

  /// Returns the needle that made the test known (gkamradt/LLMTest_NeedleInAHaystack).
  ///
  /// @return the task
  public static OwnNeedle classic() {
    String best = "eat a sandwich and sit in Dolores Park on a sunny day";
    return new OwnNeedle(
        "The best thing to do in San Francisco is " + best + ".",
        "What is the best thing to do in San Francisco?",
        best);
  }

  @Override
  public TaskFacts facts() {
    return new TaskFacts(
        "needle", "What does one hidden sentence say?", Scoring.RECALL, ANSWER_TOKENS, true);
  }

  @Override
  public Layout layout(Draw draw) {
    return new Layout(
        "A text follows. Read it; you will be asked about it.\n",
        new Filling.Running(),
        List.of(new Insert("\n" + needle + "\n", draw.depth())),
        List.of(new Question("\n" + question, " Answer:", List.of(answer))));
  }
}
