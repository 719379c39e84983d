package dev.farspan.evaluation.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Needles in a haystack: a sentence with a random number for each of some cities, each asked for
/// by itself (the procedure of gkamradt/LLMTest_NeedleInAHaystack with values that no model can
/// know, so that an answer needs no judge).
///
/// @param count how many needles; the first lies at the asked depth, each further one `(100 -
///   depth) / count` deeper, as in that project
public record Needles(int count) implements Task {
  private static final List<String> CITIES =
      List.of(
          "Lisbon", "Oslo", "Nairobi", "Quito", "Hanoi", "Dublin", "Warsaw", "Lima", "Tunis",
          "Kyoto", "Riga", "Accra", "Ottawa", "Seville", "Bergen", "Perth");
  private static final int DIGITS = 7; // as RULER's numbers

  /// Checks the count.
  ///
  /// @throws IllegalArgumentException if there are too few or too many
  public Needles {
    if (count < 1 || count > CITIES.size()) {
      throw new IllegalArgumentException(
          "needles must be between 1 and " + CITIES.size() + ", got " + count);
    }
  }

  @Override
  public TaskFacts facts() {
    return new TaskFacts("niah", "Which magic number belongs to a city?", Scoring.ALL, 16, true);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random("niah");
    List<Insert> inserts = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    int index = 0;
    for (String city : Words.draw(random, CITIES, count)) {
      String number = Words.digits(random, DIGITS);
      double depth = draw.depth() + index++ * (100 - draw.depth()) / count;
      inserts.add(new Insert(" The magic number of %s is %s.".formatted(city, number), depth));
      questions.add(
          new Question(
              "\nWhat is the magic number of %s?".formatted(city),
              " The magic number of %s is".formatted(city),
              List.of(number)));
    }
    return new Layout(
        "A text follows. Remember the magic numbers in it; you will be asked for them.\n",
        new Filling.Running(),
        inserts,
        questions);
  }
}
