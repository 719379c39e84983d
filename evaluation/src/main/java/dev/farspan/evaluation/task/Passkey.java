package dev.farspan.evaluation.task;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// A number between sentences that say nothing, or in a text (arXiv 2305.16300; the wording of
/// epfml/landmark-attention `llama/run_test.py`). The filler is cut at a sentence here, not at a
/// character.
///
/// @param around what it is hidden in
public record Passkey(Around around) implements Task {
  /// What a passkey is hidden in.
  public enum Around {
    /// Five sentences again and again, as in the paper.
    SENTENCES,
    /// The haystack.
    TEXT
  }

  private static final List<String> SENTENCES =
      List.of(
          "The grass is green.",
          "The sky is blue.",
          "The sun is yellow.",
          "Here we go.",
          "There and back again.");
  private static final int LARGEST = 50_000;

  /// The passkey of the paper.
  public Passkey() {
    this(Around.SENTENCES);
  }

  /// Returns the filler of passkey and of RULER's `noise`.
  ///
  /// @return five sentences
  public static String noise() {
    return String.join(" ", SENTENCES);
  }

  @Override
  public TaskFacts facts() {
    return new TaskFacts(
        "passkey", "Which number was the pass key?", Scoring.FIRST_NUMBER, 10, true);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random("passkey");
    String key = Integer.toString(1 + random.nextInt(LARGEST));
    return new Layout(
        "There is an important info hidden inside a lot of irrelevant text. Find it and memorize"
            + " them. I will quiz you about the important information there.",
        switch (around) {
          case SENTENCES -> new Filling.Pieces(Passkey::sentences);
          case TEXT -> new Filling.Running();
        },
        List.of(
            new Insert(
                "\nThe pass key is %s. Remember it. %s is the pass key.\n".formatted(key, key),
                draw.depth())),
        List.of(new Question("\nWhat is the pass key?", " The pass key is", List.of(key))));
  }

  private static List<String> sentences(int count) {
    String[] sentences = new String[count];
    Arrays.setAll(sentences, i -> (i == 0 ? "\n" : " ") + SENTENCES.get(i % SENTENCES.size()));
    return List.of(sentences);
  }
}
