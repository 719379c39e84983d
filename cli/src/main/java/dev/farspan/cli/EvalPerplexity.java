package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunCells;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.perplexity.Corpus;
import dev.farspan.evaluation.perplexity.PerplexityPlan;
import dev.farspan.evaluation.perplexity.PerplexityRun;
import dev.farspan.evaluation.perplexity.Protocol;
import dev.farspan.evaluation.perplexity.Weighting;
import dev.farspan.evaluation.text.TextFile;
import dev.farspan.runtime.engine.Model;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan eval perplexity`: perplexity by context length and method.
@Command(
    name = "perplexity",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures how well a model predicts texts, by context length and method, with 95 %%"
          + " confidence intervals.",
      "With --out every finished window is kept at once, and an interrupted run goes on where it"
          + " stopped."
    },
    footer = {
      "",
      "Examples:",
      "  farspan eval perplexity MODEL --file long.txt --lengths 4k,8k,16k --methods none,auto",
      "  farspan eval perplexity MODEL --file docs --protocol sliding --lengths 2k,4k --limit 64 \\",
      "      --methods none,yarn:factor=2 --out results"
    })
final class EvalPerplexity implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final PreTokenizerArgument preTokenizer = new PreTokenizerArgument();
  @Mixin private final TextArguments texts = new TextArguments();

  @Option(
      names = "--lengths",
      required = true,
      paramLabel = "N,N",
      split = ",",
      converter = TokenCount.class,
      description = "Context lengths, in tokens.")
  private List<Integer> lengths = List.of();

  @Mixin private final MethodArguments methods = new MethodArguments();

  @Option(
      names = "--protocol",
      paramLabel = "whole|sliding|llama",
      description = {
        "whole (default): the first N tokens of each text in one pass, every prediction counts.",
        "sliding: a window of N tokens moves over the whole text by --stride; each token is"
            + " predicted once.",
        "llama: chunks of N tokens, the second half of each counts, as llama.cpp's"
            + " llama-perplexity."
      })
  private Form protocol = Form.whole;

  @Option(
      names = "--stride",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Tokens that a sliding window moves by, fewer than its length; default: 256.")
  private int stride = 256;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "At most N windows, chunks or texts for each length; default: all.")
  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--mean",
      paramLabel = "tokens|windows",
      description = {
        "tokens (default): every prediction counts the same.",
        "windows: the mean of the means of --stride tokens each, as the YaRN paper's script."
      })
  private Mean mean = Mean.tokens;

  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument();
  @Mixin private final EvalOutput output = new EvalOutput();

  enum Form {
    whole,
    sliding,
    llama;

    private Protocol protocol() {
      return switch (this) {
        case whole -> Protocol.WHOLE;
        case sliding -> Protocol.SLIDING;
        case llama -> Protocol.LLAMA;
      };
    }
  }

  enum Mean {
    tokens,
    windows;

    private Weighting weighting() {
      return switch (this) {
        case tokens -> Weighting.TOKENS;
        case windows -> Weighting.WINDOWS;
      };
    }
  }

  EvalPerplexity(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    PerplexityPlan plan = plan();
    List<TextFile> read = texts.read(console);
    try (Model opened = model.open(console, preTokenizer.name())) {
      Corpus corpus = texts.encode(read, opened, preTokenizer, console);
      // Hours may pass before the last length is reached: what is wrong is refused now.
      plan.lengths().forEach(length -> require(opened, corpus, plan, length));
      RunCells run =
          output.run(
              header(opened, corpus, plan),
              console,
              cells -> {
                PerplexityRun work = new PerplexityRun(opened.decoder(), corpus, plan);
                long tokens = work.tokens(cells);
                if (tokens > 0) {
                  Task task = new Task("reading", Task.Unit.TOKENS, tokens, Task.Pace.STEADY);
                  try (Progress progress = console.progress(task, 0)) {
                    work.run(cells, progress::update);
                  }
                }
              });
      output.print(run, console);
    }
    return 0;
  }

  private PerplexityPlan plan() {
    try {
      return new PerplexityPlan(
          protocol.protocol(), lengths, stride, limit, methods.all(), cacheType.type());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void require(Model opened, Corpus corpus, PerplexityPlan plan, int length) {
    plan.passes(corpus.documents(), length);
    int left = plan.tooShort(corpus.documents(), length);
    if (left > 0) {
      console.note(
          "%s of %s texts are too short for a length of %s and left out there"
              .formatted(
                  Amounts.count(left),
                  Amounts.count(corpus.documents().size()),
                  Amounts.count(length)));
    }
    for (MethodSpec method : plan.methods()) {
      CacheRoom.require(opened.config(), method, length, plan.cacheType());
    }
  }

  private RunHeader header(Model opened, Corpus corpus, PerplexityPlan plan) {
    Labels facts =
        Labels.of("model", String.valueOf(opened.path().getFileName()))
            .and("text", texts.names())
            .and("mean", mean.weighting())
            .and("command", CommandWords.of(spec))
            .and("machine", Machine.describe(model.threads()));
    return new RunHeader(RunIdentity.of(opened).perplexity(corpus, plan), facts);
  }
}
