package dev.farspan.cli;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import dev.farspan.evaluation.cells.CellDirectory;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.perplexity.Corpus;
import dev.farspan.evaluation.search.FactorFitness;
import dev.farspan.evaluation.search.FactorSearch;
import dev.farspan.evaluation.text.TextFile;
import dev.farspan.formats.text.WholeFile;
import dev.farspan.runtime.engine.Model;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan search`: LongRoPE's divisors for a model, found on a text.
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Searches the divisors of LongRoPE that read your texts best at a length beyond the trained"
          + " one, without training: an evolution that begins with PI, NTK and YaRN.",
      "Writes them to --out, with the method to use and a recipe for farspan tune. Every loss is kept at once, and an interrupted"
          + " search goes on where it stopped."
    },
    footer = {"", "Example:", "  farspan search MODEL --target 16k --file long.txt --out factors"})
final class Search implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final PreTokenizerArgument preTokenizer = new PreTokenizerArgument();
  @Mixin private final TextArguments texts = new TextArguments();

  @Option(
      names = "--target",
      required = true,
      paramLabel = "N",
      converter = TokenCount.class,
      description = "Tokens to reach, more than the model was trained for.")
  private int target;

  @Option(
      names = "--samples",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "Windows of the texts that every candidate reads; default: 5.")
  private int samples = 5;

  @Option(
      names = "--population",
      paramLabel = "N",
      description = {
        "Candidates to begin with; each generation has a quarter as many mutants, and children of",
        "two; default: 64, as the paper."
      })
  private int population = FactorSearch.Settings.PAPER.population();

  @Option(
      names = "--generations",
      paramLabel = "N",
      description = "How many; default: 40, as the paper.")
  private int generations = FactorSearch.Settings.PAPER.generations();

  @Option(names = "--seed", paramLabel = "N", description = "Seed of all chance; default: 1.")
  private long seed = FactorSearch.Settings.PAPER.seed();

  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument();

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to.")
  private Path out = Path.of("");

  Search(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    FactorSearch.Settings settings = settings();
    List<TextFile> read = texts.read(console);
    try (Model opened = model.open(console, preTokenizer.name())) {
      requireLonger(opened.config());
      Corpus windows = texts.encode(read, opened, preTokenizer, console).windows(samples, target);
      FactorFitness fitness =
          new FactorFitness(opened.decoder(), windows, target, cacheType.type());
      CacheRoom.require(
          opened.config(),
          fitness.method(Collections.nCopies(base(opened.config()).pairs(), 1.0)),
          target,
          cacheType.type());
      try (CellDirectory cells = CellDirectory.open(out, header(opened, windows), console::note)) {
        search(opened.config(), settings, fitness, cells);
      }
    }
    return 0;
  }

  private FactorSearch.Settings settings() {
    try {
      return FactorSearch.Settings.of(population, generations, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void requireLonger(ModelConfig config) {
    if (target <= config.trainedLength()) {
      throw new ParameterException(
          spec.commandLine(),
          "the model was trained for %,d tokens: give a longer --target than that"
              .formatted(config.trainedLength()));
    }
  }

  private static RopeBase base(ModelConfig config) {
    return config.ropes().get(config.mainRopeIndex()).base();
  }

  private RunHeader header(Model opened, Corpus windows) {
    Labels identity =
        RunIdentity.of(opened)
            .run("longrope search")
            .and("text", windows.fingerprint())
            .and("target", target)
            .and("cache_type", cacheType.type());
    Labels facts =
        Labels.of("model", String.valueOf(opened.path().getFileName()))
            .and("text", texts.names())
            .and("command", CommandWords.of(spec))
            .and("machine", Machine.describe(model.threads()));
    return new RunHeader(identity, facts);
  }

  private void search(
      ModelConfig config, FactorSearch.Settings settings, FactorFitness fitness, Cells cells) {
    RopeBase base = base(config);
    double ratio = (double) target / config.trainedLength();
    Map<String, List<Double>> known = known(base, ratio);
    long tokens = (long) samples * (target - 1);
    long total = tokens * settings.candidates(known.size());
    FactorSearch.Candidate best;
    try (Progress progress =
        console.progress(new Task("searching", Task.Unit.TOKENS, total, Task.Pace.STEADY), 0)) {
      Watched watched = new Watched(fitness, cells, progress, tokens);
      best =
          new FactorSearch(base.pairs(), ratio, settings, watched::loss)
              .run(List.copyOf(known.values()), watched::report);
    }
    write(fitness, cells, known, best, ratio);
  }

  /// What a search begins with, by name: the divisors of methods that are computed.
  private static Map<String, List<Double>> known(RopeBase base, double ratio) {
    Map<String, FrequencyPolicy> policies = new LinkedHashMap<>();
    policies.put("linear", new FrequencyPolicy.Linear(ratio));
    policies.put("ntk", new FrequencyPolicy.Ntk(ratio));
    policies.put(
        "yarn",
        new FrequencyPolicy.Yarn(
            ratio, base.trainedLength(), YarnRamp.DEFAULT, new YarnTemperature.FromFactor()));
    Map<String, List<Double>> known = new LinkedHashMap<>();
    policies.forEach(
        (name, policy) -> known.put(name, FactorSearch.ordered(RopeTables.divisors(policy, base))));
    return known;
  }

  private void write(
      FactorFitness fitness,
      Cells cells,
      Map<String, List<Double>> known,
      FactorSearch.Candidate best,
      double ratio) {
    Path shortFactors = out.resolve("short.txt");
    Path longFactors = out.resolve("long.txt");
    WholeFile.write(shortFactors, lines(Collections.nCopies(best.divisors().size(), 1.0)));
    WholeFile.write(longFactors, lines(best.divisors()));
    WholeFile.write(out.resolve("longrope.recipe"), recipe(longFactors));
    known.forEach(
        (name, divisors) ->
            print(name + "'s divisors", fitness.loss(fitness.method(divisors), cells, _ -> {})));
    print("searched", best.loss());
    console
        .out()
        .printf(
            Locale.ROOT,
            "--method longrope:short=@%s,long=@%s,factor=%s%n",
            shortFactors,
            longFactors,
            ratio);
    console.out().flush();
  }

  /// A fine-tune under the divisors: steps as in the paper's section 4.2, at the rate of our other
  /// recipes.
  private String recipe(Path factors) {
    return """
        # LongRoPE (arXiv 2402.13753): a short fine-tune under searched divisors, for --target %d.
        extension = longrope
        longrope.factors = %s
        mix = text 0.7, passkey 0.3
        examples = targetx2
        steps = 400
        rate = 1e-4
        rate.shape = constant
        rate.warmup = 20
        clip = 1
        """
        .formatted(target, factors);
  }

  private void print(String name, double loss) {
    console.out().printf(Locale.ROOT, "%-20s %.4f nats a token%n", name, loss);
  }

  private static String lines(List<Double> divisors) {
    return divisors.stream().map(String::valueOf).collect(Collectors.joining("\n", "", "\n"));
  }

  /// Shows how a search goes: tokens as they are read, the best loss after every generation.
  private final class Watched {
    private final FactorFitness fitness;
    private final Cells cells;
    private final Progress progress;
    private final long tokens; // of one candidate
    private long done;

    private Watched(FactorFitness fitness, Cells cells, Progress progress, long tokens) {
      this.fitness = fitness;
      this.cells = cells;
      this.progress = progress;
      this.tokens = tokens;
    }

    private double loss(List<Double> divisors) {
      double loss = fitness.loss(fitness.method(divisors), cells, at -> progress.update(done + at));
      done += tokens;
      return loss;
    }

    private void report(FactorSearch.Generation generation) {
      progress.close();
      console.note(
          String.format(
              Locale.ROOT,
              "generation %d of %d: loss %.4f",
              generation.number(),
              generations,
              generation.best().loss()));
    }
  }
}
