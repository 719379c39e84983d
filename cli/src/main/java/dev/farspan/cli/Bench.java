package dev.farspan.cli;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.bench.BenchOptions;
import dev.farspan.evaluation.bench.BenchReport;
import dev.farspan.evaluation.bench.BenchTest;
import dev.farspan.evaluation.bench.Benchmark;
import dev.farspan.evaluation.bench.Measurement;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.MachineLimits;
import dev.farspan.runtime.engine.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan bench`: how fast a model reads and writes on this machine.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures how fast a model reads (ppN: N tokens into an empty cache) and writes (tgN@dD: N"
          + " tokens one by one after D).",
      "Each row is the mean and standard deviation of several runs, after seconds of warming up,"
          + " and the share of the machine's measured arithmetic (pp) or memory bandwidth (tg)"
          + " that was reached.",
      "A cache is filled to a depth once; each run of tgN@dD goes on where the last one ended, N"
          + " tokens deeper. At depth 0 each starts with an empty cache."
    },
    footer = {
      "",
      "Examples:",
      "  farspan bench MODEL -p 512,2048,8192 -n 64 -d 0,4096,16384 --cache-type f16",
      "  farspan bench MODEL -p 4k -n 0 --method none,yarn:factor=2,streaming:sinks=4,window=1020"
    })
final class Bench implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ModelArgument model = new ModelArgument();

  @Option(
      names = "-p",
      paramLabel = "N,N",
      split = ",",
      converter = TokenCount.class,
      description = "Lengths of prompts; 0 for none; default: 512.")
  private List<Integer> prompts = List.of(512);

  @Option(
      names = "-n",
      paramLabel = "N,N",
      split = ",",
      converter = TokenCount.class,
      description = "Tokens written in one run; 0 for none; default: 64.")
  private List<Integer> lengths = List.of(64);

  @Option(
      names = "-d",
      paramLabel = "N,N",
      split = ",",
      converter = TokenCount.class,
      description = "Depths: tokens in the cache before -n; default: 0.")
  private List<Integer> depths = List.of(0);

  @Option(
      names = {"-r", "--runs"},
      paramLabel = "RUNS",
      converter = PositiveCount.class,
      description = "Timed runs of each test; default: 5.")
  private int runs = 5;

  @Option(
      names = "--method",
      paramLabel = "SPEC,SPEC",
      description = "Context methods, with commas between them; default: none.")
  private MethodList methods = new MethodList(List.of(MethodSpec.parse("none")));

  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument();

  @Option(
      names = "--block",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Tokens of a prompt computed together; default: 512.")
  private int block = 512;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "md|csv|json",
      description = "Form of the result; default: md.")
  private Form form = Form.md;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = {
        "How long each kind of test runs before it is timed; default: 3.",
        "The JVM's compiler needs seconds until the last loop runs at its full speed."
      })
  private int warmUp = 3;

  @Option(
      names = "--no-limits",
      description = "Do not measure what the machine can do at best; saves two seconds.")
  private boolean noLimits;

  private final BenchOutput output;

  enum Form {
    md,
    csv,
    json
  }

  Bench(Host host) {
    this.console = new Console(host);
    this.output = new BenchOutput(console);
  }

  @Override
  public Integer call() {
    List<BenchTest> tests = tests();
    if (warmUp < 0) {
      throw usage("--warm-up must be at least 0, got " + warmUp);
    }
    try (Model opened = model.open(console)) {
      // Minutes may pass before the last method is reached: what is wrong is refused now.
      methods.methods().forEach(method -> Method.resolve(method, opened.config(), 1));
      requireRoom(opened, tests);
      Optional<MachineLimits> limits =
          noLimits ? Optional.empty() : MachineLimits.measure(model.threads());
      BenchOptions options =
          new BenchOptions(runs, block, cacheType.type(), Duration.ofSeconds(warmUp), limits);
      List<Measurement> rows = run(new Benchmark(opened, options, output), tests);
      print(new BenchReport(setting(opened, limits), rows));
    }
    return 0;
  }

  private List<BenchTest> tests() {
    List<BenchTest> tests = new ArrayList<>();
    prompts.stream().filter(p -> p > 0).map(BenchTest.Prefill::new).forEach(tests::add);
    for (int depth : depths) {
      lengths.stream()
          .filter(n -> n > 0)
          .map(n -> new BenchTest.Decode(n, depth))
          .forEach(tests::add);
    }
    boolean writes = lengths.stream().anyMatch(n -> n > 0);
    if (!writes && depths.stream().anyMatch(d -> d > 0)) {
      throw usage(
          "-d has no effect with -n 0, for a prompt is read into an empty cache: leave it out");
    }
    if (tests.isEmpty()) {
      throw usage("-p 0 -n 0 leaves nothing to measure: name a length with -p or -n");
    }
    return tests;
  }

  /// Minutes may pass before the longest test: a cache that memory cannot hold is refused now.
  private void requireRoom(Model opened, List<BenchTest> tests) {
    for (MethodSpec method : methods.methods()) {
      for (BenchTest test : tests) {
        CacheRoom.require(opened.config(), method, reach(test), cacheType.type());
      }
    }
  }

  /// Tokens in the cache at the end of a test: runs go on where the last one ended, but for those
  /// that start with an empty cache.
  private int reach(BenchTest test) {
    return switch (test) {
      case BenchTest.Prefill(int tokens) -> tokens;
      case BenchTest.Decode(int tokens, int depth) ->
          depth == 0 ? tokens : (int) Math.min(Integer.MAX_VALUE, depth + (long) runs * tokens);
    };
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private List<Measurement> run(Benchmark benchmark, List<BenchTest> tests) {
    List<Measurement> rows = new ArrayList<>();
    int total = tests.size() * methods.methods().size();
    try (output) {
      for (MethodSpec method : methods.methods()) {
        for (BenchTest test : tests) {
          output.begin(test, rows.size() + 1, total);
          rows.add(benchmark.run(test, method));
          output.end(rows.getLast());
        }
      }
    }
    return rows;
  }

  private BenchReport.Setting setting(Model opened, Optional<MachineLimits> limits) {
    return new BenchReport.Setting(
        String.valueOf(opened.path().getFileName()),
        ModelFacts.read(opened.parts()).bytes(),
        model.threads(),
        cacheType.type().toString(),
        block,
        Kernels.best().describe(),
        limits);
  }

  private void print(BenchReport report) {
    String text =
        switch (form) {
          case md -> report.markdown();
          case csv -> report.csv();
          case json -> report.json();
        };
    console.out().print(text);
    console.out().flush();
  }
}
