package dev.farspan.cli;

import dev.farspan.evaluation.task.Needles;
import dev.farspan.evaluation.task.OwnNeedle;
import dev.farspan.evaluation.task.Task;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan eval niah`: needles in a haystack.
@Command(
    name = "niah",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Hides needles in a text and asks for them, at several lengths and depths: a random number for"
          + " each of some cities, or a sentence of yours.",
      "One reading of a text serves all questions on it. With --out every finished cell is kept at"
          + " once, and an interrupted run goes on where it stopped."
    },
    footer = {
      "",
      "Examples:",
      "  farspan eval niah MODEL --lengths 4k,8k,16k --methods none,auto --file long.txt --out results",
      "  farspan eval niah MODEL --lengths 8k --method auto --needle 'The spare key is under the"
          + " blue pot.' --question 'Where is the spare key?' --answer 'under the blue pot'"
    })
final class EvalNiah implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ExamRun run = new ExamRun();
  @Mixin private final DepthArguments depths = new DepthArguments();

  @Option(
      names = "--needles",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = {
        "How many needles; the first lies at the depth, the others deeper. Each is asked for by",
        "itself; default: 1. Several without --depths are spread over the whole text, and each has a",
        "line of the map: one reading of a length gives all of its depths."
      })
  private int needles = 1;

  @Option(
      names = "--classic",
      description = "The needle that made the test known: the best thing to do in San Francisco.")
  private boolean classic;

  @ArgGroup(exclusive = false)
  private @Nullable Own own;

  /// A needle of the user's: all three together.
  static final class Own {
    @Option(names = "--needle", required = true, paramLabel = "TEXT", description = "Your needle.")
    private String needle = "";

    @Option(
        names = "--question",
        required = true,
        paramLabel = "TEXT",
        description = "What to ask for it.")
    private String question = "";

    @Option(
        names = "--answer",
        required = true,
        paramLabel = "TEXT",
        description = "The right answer; the share of its words that come back is the score.")
    private String answer = "";
  }

  EvalNiah(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    Task task = task();
    ExamRun.Request request = new ExamRun.Request("niah", List.of(task), depths(), task.toString());
    return run.run(
        spec, console, request, scores -> ExamText.heatMaps(scores, console.host().colour()));
  }

  /// Several needles lie at several depths by themselves.
  private List<Double> depths() {
    return needles > 1 ? depths.or(List.of(0.0)) : depths.all();
  }

  private Task task() {
    int kinds = (classic ? 1 : 0) + (own != null ? 1 : 0) + (needles != 1 ? 1 : 0);
    if (kinds > 1) {
      throw new ParameterException(
          spec.commandLine(), "--needles, --classic and --needle exclude each other: give one");
    }
    if (own != null) {
      return new OwnNeedle(own.needle, own.question, own.answer);
    }
    try {
      return classic ? OwnNeedle.classic() : new Needles(needles);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
