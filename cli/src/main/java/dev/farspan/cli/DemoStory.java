package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.evaluation.task.run.ExamCell;
import dev.farspan.evaluation.task.run.ExamScores;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The demo as a person reads it: numbered steps, each printed as soon as its numbers are there.
final class DemoStory {
  private static final String BOLD = "\033[1m";
  private static final String PLAIN = "\033[0m";

  private final PrintWriter out;
  private final boolean colour;
  private final DemoPlan plan;
  private int step;

  DemoStory(PrintWriter out, boolean colour, DemoPlan plan) {
    this.out = out;
    this.colour = colour;
    this.plan = plan;
  }

  private void step(String title) {
    step++;
    String heading = (step == 1 ? "" : "\n") + "%s%d. %s%s\n";
    out.print(heading.formatted(colour ? BOLD : "", step, title, colour ? PLAIN : ""));
    out.flush();
  }

  private void say(String sentence) {
    out.println(sentence);
    out.flush();
  }

  /// What the model is.
  void model(ModelFacts facts) {
    step("A small model");
    say(facts.sentence() + ".");
  }

  /// What happens beyond the trained length.
  void alone(DemoVerdict verdict) {
    step("Beyond its trained length");
    say(Columns.align(aloneTable(verdict.lines().getFirst())));
    say(verdict.collapse());
  }

  private List<List<String>> aloneTable(DemoLine line) {
    List<String> head = new ArrayList<>(List.of("tokens"));
    List<String> losses = new ArrayList<>(List.of("loss (nats)"));
    List<String> found = new ArrayList<>(List.of("passkeys found"));
    for (int i = 0; i < plan.lengths().size(); i++) {
      head.add(range(i));
      losses.add(loss(line.losses().get(i)));
      found.add("%s of %s".formatted(percent(line.found().get(i)), asked()));
    }
    return List.of(head, losses, found);
  }

  private int asked() {
    return plan.depths() * plan.samples();
  }

  /// Which methods there are, and which does best.
  void methods(DemoVerdict verdict) {
    step("The same model read %d times as far, without training".formatted(plan.factor()));
    say(table(verdict.lines()));
    say(verdict.best());
    verdict.windows().forEach(this::say);
  }

  /// Where passkeys were found.
  void maps(List<DemoLine> lines) {
    step("Where they are found: depth in the text down, its tokens across, percent of passkeys");
    tiles(lines);
  }

  private void tiles(List<DemoLine> lines) {
    List<ExamCell> cells =
        lines.stream()
            .flatMap(line -> line.cells().stream().map(cell -> named(cell, line)))
            .toList();
    say(ExamText.tiles(new ExamScores(cells), colour).stripTrailing());
  }

  /// A fine-tuned model is known by its own name, not by that of its method.
  private static ExamCell named(ExamCell cell, DemoLine line) {
    return new ExamCell(
        cell.task(),
        line.name(),
        cell.length(),
        cell.depth(),
        cell.sample(),
        cell.answers(),
        cell.seconds());
  }

  /// The variant that was trained on.
  void tuned(DemoVerdict verdict, DemoLine tuned) {
    step("The same model after a short fine-tune (recipe farspan-tiny-long)");
    List<DemoLine> both = List.of(verdict.lines().getFirst(), tuned);
    say(table(both));
    say(verdict.tuned(tuned) + "\n");
    tiles(List.of(tuned));
  }

  /// That there is no such variant.
  void untuned(String name) {
    step("The same model after a short fine-tune (recipe farspan-tiny-long)");
    say("Left out: there is no " + name + " in the store.");
  }

  /// What to do next.
  void end(Path page, double seconds) {
    step("Your own model");
    say(
        """
        farspan advise MODEL --context 16k --file long.txt                  which method suits it
        farspan tune MODEL --recipe pose-yarn --target 16k --data texts/ --out longer    teach it
        farspan export MODEL --format gguf --method yarn:factor=4 --out longer.gguf      ship it
        """);
    say(
        "Measured in %s; every number, its source and the curves: %s"
            .formatted(Amounts.time(Duration.ofMillis(Math.round(1000 * seconds))), page));
  }

  private String table(List<DemoLine> lines) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("method"));
    List<Integer> ends = List.of(0, plan.lengths().size() - 1);
    ends.forEach(i -> head.add("loss " + range(i)));
    plan.lengths().forEach(length -> head.add((head.size() == 3 ? "found " : "") + length(length)));
    rows.add(head);
    for (DemoLine line : lines) {
      List<String> row = new ArrayList<>(List.of(line.name()));
      ends.forEach(i -> row.add(loss(line.losses().get(i))));
      line.found().forEach(found -> row.add(percent(found)));
      rows.add(row);
    }
    return Columns.align(rows);
  }

  private static String length(int tokens) {
    return "at " + Amounts.count(tokens);
  }

  private String range(int i) {
    int from = i == 0 ? 0 : plan.lengths().get(i - 1);
    return "%s-%s".formatted(Amounts.count(from), Amounts.count(plan.lengths().get(i)));
  }

  private static String loss(double nats) {
    return String.format(Locale.ROOT, "%.2f", nats);
  }

  private static String percent(double percent) {
    return String.format(Locale.ROOT, "%.0f %%", percent);
  }
}
