package dev.farspan.cli;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.bench.BenchOptions;
import dev.farspan.evaluation.bench.Calibration;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.memory.MemoryPlan;
import dev.farspan.planner.memory.Reading;
import dev.farspan.planner.memory.Request;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.planner.time.Work;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan plan`: memory, time and cost before anything is run.
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells what a context takes: weights, KV cache by type and method, buffers, the flags for the"
          + " JVM, whether it fits this machine and what to change if it does not, the time to read"
          + " and write (from three short runs), and what training at that length would cost.",
      "A config.json, a well-known --shape or sizes are enough for all but the time."
    },
    footer = {
      "",
      "Examples:",
      "  farspan plan MODEL --context 16k --measure",
      "  farspan plan --shape llama2-70b --context 128k",
      "  farspan plan --layers 80 --hidden 8192 --heads 64 --kv-heads 8 --params 70b --context 128k"
    })
final class Plan implements Callable<Integer> {
  private static final int WRITTEN = 256;
  private static final int MOST_SEQUENCES = 1_000_000; // far beyond what any machine serves at once
  private static final double MOST_TOKENS = 1e18; // far beyond all text there is
  private static final int CALIBRATION_RUNS = 2;
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ShapeArguments shapes = new ShapeArguments();

  @Option(
      names = "--context",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Tokens read and written together; default: what the model claims.")
  private int context;

  @Option(
      names = "--written",
      paramLabel = "N",
      converter = TokenCount.class,
      description = "How many of them are written one by one; default: 256, a quarter at most.")
  private int written = -1;

  @Option(names = "--method", paramLabel = "SPEC", description = "Context method; default: auto.")
  private MethodSpec method = MethodSpec.parse("auto");

  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument();

  @Option(
      names = "--batch",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "Sequences kept at once; default: 1.")
  private int batch = 1;

  @Option(
      names = "--block",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Tokens of a prompt computed together; default: 512.")
  private int block = 512;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      converter = PositiveCount.Threads.class,
      description = "Threads that compute; default: one for each processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = ByteCount.class,
      description = "What has to be enough, such as 16GB; default: what is available here.")
  private long memory;

  @Option(
      names = "--train-tokens",
      paramLabel = "N",
      description = "Tokens of a training, such as 2e12; default: 20 for each parameter.")
  private @Nullable Double trainTokens;

  @Option(names = "--no-time", description = "Do not run the model: no times.")
  private boolean noTime;

  @Option(
      names = "--measure",
      description = "Run it, and print what was predicted beside what was measured.")
  private boolean measure;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  Plan(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    check();
    try {
      return plan();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "that would take more than 2^63 bytes, which no machine has: take smaller sizes, a"
              + " shorter --context or a smaller --batch",
          e);
    }
  }

  private void check() {
    if (batch > MOST_SEQUENCES) {
      throw usage("--batch is at most %,d, got %,d".formatted(MOST_SEQUENCES, batch));
    }
    Double tokens = trainTokens;
    if (tokens != null && !(tokens >= 1 && tokens <= MOST_TOKENS)) {
      throw usage("--train-tokens is from 1 to %.0e, got %s".formatted(MOST_TOKENS, tokens));
    }
    if (measure && (noTime || batch > 1)) {
      throw usage("--measure runs one sequence and times it: leave --no-time and --batch out");
    }
  }

  private int plan() {
    ShapeArguments.Found found = shapes.find(console);
    ModelShape shape = found.shape();
    Request request = request(shape);
    MemoryPlan plan = MemoryPlan.of(shape, request);
    MachineMemory machine = MachineMemory.read();
    long limit = memory == 0 ? machine.available() : memory;
    if (measure && (found.runnable().isEmpty() || plan.total() > limit)) {
      throw new IllegalArgumentException(
          found.runnable().isEmpty()
              ? "--measure needs a model that can be run, not a configuration or a shape"
              : "it would not fit into the memory, so --measure does not run it; the plan without"
                  + " --measure says what would fit");
    }
    if (measure && SmallHeap.possible()) {
      List<String> words = spec.root().commandLine().getParseResult().originalArgs();
      return SmallHeap.run(words, plan.heap());
    }
    boolean runs = !noTime && plan.total() <= limit;
    Optional<PlanTimes> times =
        found.runnable().filter(_ -> runs).map(path -> times(path, shape, request));
    double tokens = trainTokens == null ? 20.0 * shape.parameters() : trainTokens;
    print(new PlanReport(shape, request, plan, limit, times, tokens));
    return 0;
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private Request request(ModelShape shape) {
    int tokens = context == 0 ? shape.config().maxLength() : context;
    int after = written < 0 ? Math.min(WRITTEN, tokens / 4) : written;
    if (after > tokens) {
      throw usage("--written %d is more than the %d of --context".formatted(after, tokens));
    }
    CacheType type = cacheType.type();
    return new Request(
        method,
        new CacheTypes(type.keys(), type.values()),
        new Reading(tokens - after, after, block),
        batch,
        threads);
  }

  private PlanTimes times(Path path, ModelShape shape, Request request) {
    Method resolved = request.method(shape.config());
    Work work = new Work(shape.config(), resolved, shape.matrices());
    Reading reading = request.reading();
    List<Integer> lengths = PlanTimes.lengths(reading.tokens());
    BenchOptions options =
        new BenchOptions(CALIBRATION_RUNS, block, cacheType.type(), WARM_UP, Optional.empty());
    try (Model model = Model.open(path, threads)) {
      List<Calibration.Run> runs;
      try (PlanProgress progress = new PlanProgress(console, "calibrating")) {
        runs = new Calibration(model, options, progress).runs(resolved, lengths);
      }
      PlanTimes predicted = PlanTimes.of(work, runs, Optional.empty());
      if (!measure) {
        return predicted;
      }
      try (PlanProgress progress = new PlanProgress(console, "measuring")) {
        Calibration whole = new Calibration(model, options, progress);
        return PlanTimes.of(
            work, runs, Optional.of(whole.whole(resolved, reading.prompt(), reading.written())));
      }
    }
  }

  private void print(PlanReport report) {
    if (json) {
      console.json(new PlanJson(report).data());
    } else {
      console.out().print(new PlanText(report).text());
      console.out().flush();
    }
  }
}
