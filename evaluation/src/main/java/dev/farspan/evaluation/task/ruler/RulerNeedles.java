package dev.farspan.evaluation.task.ruler;

import dev.farspan.evaluation.task.Draw;
import dev.farspan.evaluation.task.Filling;
import dev.farspan.evaluation.task.Insert;
import dev.farspan.evaluation.task.Layout;
import dev.farspan.evaluation.task.Passkey;
import dev.farspan.evaluation.task.Question;
import dev.farspan.evaluation.task.Scoring;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.TaskFacts;
import dev.farspan.evaluation.task.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// RULER's needle tasks: values of keys, hidden in noise, in running text or among other needles.
///
/// @param name one of the eight names
/// @param hay what fills the text; `ESSAY` is the haystack of the run, not RULER's essays
/// @param keys what keys are
/// @param values what values are
/// @param keyCount keys that are hidden
/// @param valueCount values of each key
/// @param queryCount keys that are asked for, all in one question
public record RulerNeedles(
    String name, Hay hay, Kind keys, Kind values, int keyCount, int valueCount, int queryCount)
    implements Task {
  private static final int ANSWER_TOKENS = 128;
  private static final int DEPTHS = 40;

  /// What fills the text.
  public enum Hay {
    /// Sentences that say nothing.
    NOISE,
    /// Running text.
    ESSAY,
    /// Needles nobody asks for.
    NEEDLE
  }

  /// What a key or a value is.
  public enum Kind {
    /// An adjective and a noun.
    WORDS("word"),
    /// Seven digits.
    NUMBERS("number"),
    /// A random identifier.
    UUIDS("uuid");

    private final String singular;

    Kind(String singular) {
      this.singular = singular;
    }

    private String draw(RandomGenerator random) {
      return switch (this) {
        case WORDS -> WordLists.pair(random);
        case NUMBERS -> Words.digits(random, 7);
        case UUIDS -> Words.uuid(random);
      };
    }
  }

  @Override
  public TaskFacts facts() {
    return new TaskFacts(
        name, "Which values have been given for a key?", Scoring.ALL, ANSWER_TOKENS, false);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random(name);
    Set<String> taken = new HashSet<>();
    List<String> asked = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    List<String> needles = new ArrayList<>();
    for (int k = 0; k < keyCount; k++) {
      String key = fresh(random, taken);
      for (int v = 0; v < valueCount; v++) {
        String value = values.draw(random);
        needles.add(needle(key, value));
        if (k < queryCount) {
          expected.add(value);
        }
      }
      if (k < queryCount) {
        asked.add(key);
      }
    }
    long others = random.nextLong();
    return new Layout(
        opening(),
        filling(others, taken),
        inserts(random, needles),
        List.of(question(asked, expected)));
  }

  private String fresh(RandomGenerator random, Set<String> taken) {
    String key = keys.draw(random);
    while (!taken.add(key)) {
      key = keys.draw(random);
    }
    return key;
  }

  private String needle(String key, String value) {
    return "One of the special magic %ss for %s is: %s.".formatted(values.singular, key, value);
  }

  /// Returns needles in random order at different depths of 40 from start to end.
  private List<Insert> inserts(RandomGenerator random, List<String> needles) {
    List<Integer> depths = new ArrayList<>();
    for (int d = 0; d < DEPTHS; d++) {
      depths.add((int) Math.rint(100.0 * d / (DEPTHS - 1)));
    }
    List<Integer> chosen = Words.draw(random, depths, needles.size());
    List<String> shuffled = Words.draw(random, needles, needles.size());
    String gap = hay == Hay.ESSAY ? " " : "\n";
    List<Insert> inserts = new ArrayList<>();
    for (int n = 0; n < needles.size(); n++) {
      inserts.add(new Insert(gap + shuffled.get(n), chosen.get(n)));
    }
    return inserts;
  }

  private Filling filling(long seed, Set<String> taken) {
    return switch (hay) {
      case ESSAY -> new Filling.Running();
      case NOISE -> new Filling.Pieces(count -> Collections.nCopies(count, "\n" + Passkey.noise()));
      case NEEDLE -> new Filling.Pieces(count -> others(new SplittableRandom(seed), taken, count));
    };
  }

  private List<String> others(RandomGenerator random, Set<String> taken, int count) {
    List<String> needles = new ArrayList<>();
    while (needles.size() < count) {
      String key = keys.draw(random);
      if (!taken.contains(key)) {
        needles.add("\n" + needle(key, values.draw(random)));
      }
    }
    return needles;
  }

  private boolean one() {
    return valueCount * queryCount == 1;
  }

  private String opening() {
    return (one()
            ? "A special magic %s is hidden within the following text. Make sure to memorize it. I will quiz you about the %s afterwards.\n"
            : "Some special magic %ss are hidden within the following text. Make sure to memorize it. I will quiz you about the %ss afterwards.\n")
        .formatted(values.singular, values.singular);
  }

  private Question question(List<String> asked, List<String> expected) {
    String query = Words.series(asked);
    return one()
        ? new Question(
            "\nWhat is the special magic %s for %s mentioned in the provided text?"
                .formatted(values.singular, query),
            " The special magic %s for %s mentioned in the provided text is"
                .formatted(values.singular, query),
            expected)
        : new Question(
            "\nWhat are all the special magic %ss for %s mentioned in the provided text?"
                .formatted(values.singular, query),
            " The special magic %ss for %s mentioned in the provided text are"
                .formatted(values.singular, query),
            expected);
  }
}
