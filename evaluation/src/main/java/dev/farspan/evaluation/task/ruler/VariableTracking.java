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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// RULER's `vt`: one chain of four assignments from variable to variable between sentences that say
/// nothing; all five variables are wanted. A worked example with shorter names stands first.
public record VariableTracking() implements Task {
  private static final int VARIABLES = 5;
  private static final int EXAMPLE_SENTENCES = 10;

  @Override
  public TaskFacts facts() {
    return new TaskFacts(
        "vt", "Which variables have a value, through four assignments?", Scoring.ALL, 30, false);
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random("vt");
    String example = example(random);
    List<String> names = names(random, 5);
    String value = Words.digits(random, 5);
    List<String> chain = chain(names, value);
    double[] depths = random.doubles(VARIABLES, 0, 100).sorted().toArray();
    List<Insert> inserts = new ArrayList<>();
    for (int n = 0; n < VARIABLES; n++) {
      inserts.add(new Insert("\n" + chain.get(n), depths[n]));
    }
    return new Layout(
        example + instruction(),
        new Filling.Pieces(count -> Collections.nCopies(count, "\n" + Passkey.noise())),
        inserts,
        List.of(new Question(question(value), prefix(value), names)));
  }

  private static String example(RandomGenerator random) {
    List<String> names = names(random, 3);
    String value = Words.digits(random, 5);
    List<String> lines = new ArrayList<>(Collections.nCopies(EXAMPLE_SENTENCES, Passkey.noise()));
    List<String> chain = chain(names, value);
    for (int n = 0; n < VARIABLES; n++) {
      lines.add(3 * n + 1, chain.get(n)); // two sentences between any two of them
    }
    return instruction()
        + "\n"
        + String.join("\n", lines)
        + question(value)
        + prefix(value)
        + String.join(" ", names)
        + "\n\n";
  }

  private static List<String> names(RandomGenerator random, int letters) {
    Set<String> names = new LinkedHashSet<>();
    while (names.size() < VARIABLES) {
      names.add(Words.letters(random, 'A', letters));
    }
    return List.copyOf(names);
  }

  private static List<String> chain(List<String> names, String value) {
    List<String> chain = new ArrayList<>();
    for (int n = 0; n < names.size(); n++) {
      chain.add("VAR " + names.get(n) + " = " + (n == 0 ? value : "VAR " + names.get(n - 1)));
    }
    return chain;
  }

  private static String instruction() {
    return "Memorize and track the chain(s) of variable assignment hidden in the following text.\n";
  }

  private static String question(String value) {
    return "\nQuestion: Find all variables that are assigned the value %s in the text above."
        .formatted(value);
  }

  private static String prefix(String value) {
    return " Answer: According to the chain(s) of variable assignment in the text above, %d variables are assigned the value %s, they are: "
        .formatted(VARIABLES, value);
  }
}
