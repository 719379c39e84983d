package dev.farspan.evaluation.task.ruler;

import dev.farspan.evaluation.task.Draw;
import dev.farspan.evaluation.task.Filling;
import dev.farspan.evaluation.task.Layout;
import dev.farspan.evaluation.task.Question;
import dev.farspan.evaluation.task.Scoring;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.TaskFacts;
import dev.farspan.evaluation.task.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// RULER's `fwe`: made-up words whose numbers follow a zeta distribution; the most frequent is
/// dots, and the three after it are wanted.
public record FrequentWords() implements Task {
  private static final int WANTED = 3;
  private static final int LETTERS = 6;
  private static final int TOKENS_PER_WORD = 50; // of the vocabulary
  private static final int SMALLEST = 8;
  private static final double ZETA_2 =
      Math.PI * Math.PI / 6; // zeta(2.0), alpha as in synthetic.yaml

  @Override
  public TaskFacts facts() {
    return new TaskFacts("fwe", "Which three words are the most frequent?", Scoring.ALL, 50, false);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random("fwe");
    Set<String> made = new LinkedHashSet<>();
    while (made.size() < Math.max(SMALLEST, draw.length() / TOKENS_PER_WORD)) {
      made.add(Words.letters(random, 'a', LETTERS));
    }
    List<String> words = new ArrayList<>(made);
    words.set(0, "....");
    long order = random.nextLong();
    return new Layout(
        "Read the following coded text and track the frequency of each coded word. Find the three most frequently appeared coded words.",
        new Filling.Pieces(count -> text(words, count, order)),
        List.of(),
        List.of(
            new Question(
                "\nQuestion: Do not provide any explanation. Please ignore the dots '....'. What are the three most frequently appeared words in the above coded text?",
                " Answer: According to the coded text above, the three most frequently appeared words are:",
                words.subList(1, 1 + WANTED))));
  }

  /// Returns about `count` words: rank `r` stands `count / (zeta(2) r^2)` times.
  private static List<String> text(List<String> words, int count, long order) {
    List<String> all = new ArrayList<>();
    for (int rank = 1; rank <= words.size(); rank++) {
      int times = (int) (count / (ZETA_2 * rank * rank));
      all.addAll(Collections.nCopies(times, " " + words.get(rank - 1)));
    }
    return Words.draw(new SplittableRandom(order), all, all.size());
  }
}
