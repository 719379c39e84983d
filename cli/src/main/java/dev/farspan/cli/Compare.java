package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.Comparison;
import dev.farspan.evaluation.ComparisonKey;
import dev.farspan.evaluation.CurveStore;
import dev.farspan.evaluation.Fingerprint;
import dev.farspan.evaluation.LossCurve;
import dev.farspan.evaluation.report.ComparisonReport;
import dev.farspan.evaluation.report.RunFacts;
import dev.farspan.evaluation.store.DirectoryStore;
import dev.farspan.evaluation.store.Evidence;
import dev.farspan.runtime.engine.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan compare`: loss by position, one line for each method.
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads a text under one method after another and prints the loss by position: the quickest"
          + " picture of what an extension buys.",
      "With --out it writes a page, a chart, a table and JSON, and goes on where an interrupted run"
          + " stopped."
    },
    footer = {
      "",
      "Examples:",
      "  farspan compare MODEL --file long.txt --tokens 16k --methods none,yarn:factor=2,auto",
      "  farspan compare MODEL --file long.txt --method none --method dynamic-yarn --out report"
    })
final class Compare implements Callable<Integer> {
  private static final int ALL = -1;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final PreTokenizerArgument preTokenizer = new PreTokenizerArgument();

  @Option(
      names = "--file",
      required = true,
      paramLabel = "F",
      description = "The text: a UTF-8 file.")
  private Path file = Path.of("");

  @Option(
      names = "--tokens",
      paramLabel = "N",
      converter = TokenCount.class,
      description = "Read the first N tokens; default: all.")
  private int tokens = ALL;

  @Mixin private final MethodArguments methods = new MethodArguments();

  @Option(
      names = "--bands",
      paramLabel = "N,N",
      split = ",",
      converter = TokenCount.class,
      description =
          "Upper ends of the bands of positions, the last cut to the text; default: doubling up to"
              + " the trained length, then quarters of it.")
  private List<Integer> bands = List.of();

  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument();

  @Option(names = "--out", paramLabel = "DIR", description = "Write the report there.")
  private @Nullable Path out;

  @Option(
      names = "--remember",
      description = "Keep the result beside the model, where auto finds it.")
  private boolean remember;

  @Option(names = "--json", description = "Print JSON instead of the table.")
  private boolean json;

  Compare(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    List<MethodSpec> all = methods.all();
    if (tokens != ALL && tokens < 2) {
      throw usage("--tokens must be at least 2, got " + tokens);
    }
    requireAscending();
    String text = Texts.read(file);
    try (Model opened = model.open(console, preTokenizer.name())) {
      // Hours may pass before the last method is reached: what is wrong is refused now.
      int[] ids = ids(opened, text);
      all.forEach(method -> Method.resolve(method, opened.config(), ids.length));
      reportUncovered(ids.length);
      requireWritable(opened);
      report(opened, ids, run(opened, ids, all));
    }
    return 0;
  }

  private void requireAscending() {
    if (!bands.isEmpty()) {
      try {
        Bands _ = new Bands(bands);
      } catch (IllegalArgumentException e) {
        throw usage("--bands: " + e.getMessage());
      }
    }
  }

  /// Says which bands hold less than their ends promise, and what lies in none.
  private void reportUncovered(int count) {
    int last = bands.isEmpty() ? count : new Bands(bands).ends().getLast();
    if (last == count) {
      return;
    }
    console.note(
        last > count
            ? "the text ends at %s tokens: bands are cut there, and those beyond left out"
                .formatted(Amounts.count(count))
            : "the bands end at %s of %s tokens: what follows counts in the mean only"
                .formatted(Amounts.count(last), Amounts.count(count)));
  }

  private void requireWritable(Model opened) {
    if (out != null) {
      try {
        Files.createDirectories(out);
      } catch (FileAlreadyExistsException e) {
        throw new IllegalArgumentException(out + " is a file: name a directory with --out", e);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot make the directory " + out, e);
      }
    }
    if (remember) {
      Evidence.read(opened.path()); // a damaged file would stop the result from being merged in
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private int[] ids(Model opened, String text) {
    preTokenizer.report(opened, text, console);
    int[] ids = opened.tokenizer().encode(text, true);
    Texts.requireTokens(file, ids, tokens);
    return tokens == ALL ? ids : Arrays.copyOf(ids, tokens);
  }

  private Bands bands(Model opened, int count) {
    return bands.isEmpty()
        ? Bands.around(opened.config().trainedLength(), count)
        : new Bands(bands);
  }

  private ComparisonKey key(Model opened, int[] ids) {
    return ComparisonKey.of(
        Fingerprint.ofModel(opened.parts().paths()),
        ids,
        cacheType.type(),
        bands(opened, ids.length));
  }

  private List<LossCurve> run(Model opened, int[] ids, List<MethodSpec> all) {
    CurveStore store =
        out == null ? CurveStore.NONE : new DirectoryStore(out.resolve("curves"), key(opened, ids));
    Comparison comparison =
        Comparison.of(opened.decoder(), ids, bands(opened, ids.length), cacheType.type());
    try (ComparisonOutput progress = new ComparisonOutput(console, all.size())) {
      return comparison.run(all, store, progress);
    }
  }

  private void report(Model opened, int[] ids, List<LossCurve> curves) {
    RunFacts facts =
        new RunFacts(
            String.valueOf(opened.path().getFileName()),
            opened.config().trainedLength(),
            String.valueOf(file.getFileName()),
            ids.length,
            CommandWords.of(spec),
            Machine.describe(model.threads()));
    ComparisonReport report = new ComparisonReport(facts, curves);
    console.out().print(json ? report.json() : report.text());
    console.out().flush();
    if (out != null) {
      console.note("wrote " + report.write(out));
    }
    if (remember) {
      Evidence.of(key(opened, ids), opened.config().trainedLength(), curves)
          .writeBeside(opened.path());
      console.note("remembered in " + Evidence.fileOf(opened.path()));
      Evidence.read(opened.path())
          .flatMap(Evidence::advice)
          .ifPresent(
              advice ->
                  console.note(
                      "auto follows the advice of %s there up to %s tokens, and this beyond"
                          .formatted(advice.date(), Amounts.count(advice.context()))));
    }
  }
}
