package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.formats.checkpoint.ModelParts;
import dev.farspan.planner.advice.Candidates;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.ModelOptions;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `farspan demo`: what context methods are good for, shown on the model that ships with Farspan.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows in less than two minutes what this is about: the small model that is shipped fails"
          + " beyond its trained length, reads 8 times as far with several methods, and farther"
          + " after a short fine-tune.",
      "Every number is measured now. Results and report.html go to farspan-demo, or to --out; a"
          + " second run takes what is there."
    },
    footer = {"", "Example:", "  farspan demo"})
final class Demo implements Callable<Integer> {
  private static final String MODEL = "farspan-tiny";
  private static final String TUNED = "farspan-tiny-long";
  private static final Path STANDARD = Path.of("farspan-demo");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ThreadsArgument threads = new ThreadsArgument();

  @Option(
      names = "--quick",
      description = "A fifth of the text and fewer passkeys: coarser figures in a few seconds.")
  private boolean quick;

  @Mixin private final EvalOutput output = new EvalOutput(STANDARD);

  Demo(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    ModelStore store = console.host().store();
    try (Model model = open(store.find(MODEL))) {
      DemoPlan plan = DemoPlan.of(model.config(), quick);
      DemoStory story = new DemoStory(storyTo(), console.host().colour(), plan);
      story.model(ModelFacts.read(model.parts()));
      DemoVerdict verdict = untrained(new DemoRun(model, plan, facts()), plan, story);
      Optional<DemoLine> tuned = store.look(TUNED).map(path -> tuned(path, plan));
      tuned.ifPresentOrElse(line -> story.tuned(verdict, line), () -> story.untuned(TUNED));
      output.report(console);
      finish(plan, verdict, tuned, story);
    }
    return 0;
  }

  private Model open(Path path) {
    ModelOptions options = ModelOptions.ofThreads(threads.count());
    return ModelArgument.open(ModelParts.of(path), options, console);
  }

  /// With `--json` the numbers are printed in the end, and the story is not.
  private PrintWriter storyTo() {
    return output.json() ? new PrintWriter(Writer.nullWriter()) : console.out();
  }

  private Labels facts() {
    return Labels.of("command", CommandWords.of(spec))
        .and("machine", Machine.describe(threads.count()));
  }

  /// The model alone, then with every method.
  private DemoVerdict untrained(DemoRun run, DemoPlan plan, DemoStory story) {
    List<DemoLine> lines = new ArrayList<>();
    for (MethodSpec method : plan.methods()) {
      lines.add(run.measure(method.text(), method, output, console));
      if (lines.size() == 1) {
        story.alone(new DemoVerdict(plan.lengths(), lines));
        predict(run, plan, lines.getFirst().seconds());
      }
    }
    DemoVerdict verdict = new DemoVerdict(plan.lengths(), lines);
    story.methods(verdict);
    story.maps(lines);
    return verdict;
  }

  /// What the model alone took tells what the others will, about.
  private void predict(DemoRun run, DemoPlan plan, double seconds) {
    long left =
        plan.methods().stream().filter(method -> !run.isKept(method, output, console)).count();
    if (left > 0) {
      long all = left + console.host().store().look(TUNED).stream().count();
      console.note(
          "what follows is measured now, in about "
              + Amounts.time(Duration.ofSeconds(Math.round(all * seconds))));
    }
  }

  private DemoLine tuned(Path path, DemoPlan plan) {
    try (Model model = open(path)) {
      MethodSpec method = Candidates.baseline(model.config());
      return new DemoRun(model, plan, facts()).measure(TUNED, method, output, console);
    }
  }

  private void finish(
      DemoPlan plan, DemoVerdict verdict, Optional<DemoLine> tuned, DemoStory story) {
    List<DemoLine> all = new ArrayList<>(verdict.lines());
    tuned.ifPresent(all::add);
    double seconds = all.stream().mapToDouble(DemoLine::seconds).sum();
    story.end(output.page(), seconds);
    if (output.json()) {
      console.json(DemoJson.of(plan, verdict, tuned));
    }
  }
}
