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
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// RULER's `cwe`: a numbered list in which ten words stand 30 times and all others 3 times (6 and 1
/// below 4,096 tokens); the ten are wanted. The words are those of the text that is shipped.
public final class CommonWords implements Task {
  private static final int COMMON = 10;
  private static final int SHORT = 4096;

  private final List<String> words = WordLists.ofText();

  /// Makes the task.
  public CommonWords() {}

  /// How often words stand in a list.
  private record Counts(int common, int others) {}

  @Override
  public TaskFacts facts() {
    return new TaskFacts("cwe", "Which ten words are the most common?", Scoring.ALL, 120, false);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random("cwe");
    boolean brief = draw.length() < SHORT;
    List<String> shuffled = Words.draw(random, words, words.size());
    List<String> shown = shuffled.subList(0, COMMON);
    List<String> asked = shuffled.subList(COMMON, 2 * COMMON);
    List<String> rest = shuffled.subList(2 * COMMON, shuffled.size());
    long order = random.nextLong();
    Counts inExample = brief ? new Counts(3, 1) : new Counts(10, 3);
    int others = brief ? 10 : 30;
    List<String> example =
        list(shown, rest.subList(rest.size() - others, rest.size()), inExample, order);
    Counts counts = brief ? new Counts(6, 1) : new Counts(30, 3);
    return new Layout(
        instruction()
            + String.join("", example)
            + question()
            + prefix()
            + numbered(shown)
            + "\n"
            + instruction(),
        new Filling.Pieces(count -> list(asked, first(rest, count), counts, order)),
        List.of(),
        List.of(new Question(question(), prefix(), asked)));
  }

  /// Returns the first words of a list; when they run out, letters in random order.
  private static List<String> first(List<String> words, int count) {
    List<String> first = new ArrayList<>(words.subList(0, Math.min(count, words.size())));
    RandomGenerator random = new SplittableRandom(count);
    while (first.size() < count) {
      first.add(Words.letters(random, 'a', 6));
    }
    return first;
  }

  private static List<String> list(
      List<String> common, List<String> others, Counts counts, long order) {
    List<String> all = new ArrayList<>();
    common.forEach(word -> all.addAll(Collections.nCopies(counts.common(), word)));
    others.forEach(word -> all.addAll(Collections.nCopies(counts.others(), word)));
    List<String> shuffled = Words.draw(new SplittableRandom(order), all, all.size());
    List<String> numbered = new ArrayList<>();
    for (int n = 0; n < shuffled.size(); n++) {
      numbered.add((n == 0 ? "" : " ") + (n + 1) + ". " + shuffled.get(n));
    }
    return numbered;
  }

  private static String numbered(List<String> words) {
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < words.size(); n++) {
      text.append(' ').append(n + 1).append(". ").append(words.get(n));
    }
    return text.toString();
  }

  private static String instruction() {
    return "Below is a numbered list of words. In these words, some appear more often than others. Memorize the ones that appear most often.\n";
  }

  private static String question() {
    return "\nQuestion: What are the 10 most common words in the above list?";
  }

  private static String prefix() {
    return " Answer: The top 10 words that appear most often in the list are:";
  }
}
