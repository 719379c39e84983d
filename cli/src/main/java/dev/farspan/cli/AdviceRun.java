package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.advice.LeftOut;
import dev.farspan.evaluation.advice.Race;
import dev.farspan.evaluation.advice.TextReadings;
import dev.farspan.evaluation.bench.BenchOptions;
import dev.farspan.evaluation.bench.Calibration;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.perplexity.Corpus;
import dev.farspan.evaluation.perplexity.Document;
import dev.farspan.evaluation.perplexity.PerplexityPlan;
import dev.farspan.evaluation.perplexity.Protocol;
import dev.farspan.evaluation.perplexity.Weighting;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The measurements of an advice: short runs that tell what the others will take, and readings of
/// the text. All are kept, and found again by a run that goes on.
final class AdviceRun {
  /// Key of what was recommended.
  static final Labels VERDICT = Labels.of("advice", "verdict");

  private static final Labels CALIBRATION = Labels.of("advice", "calibration");

  /// Longest of the short runs; what a reading takes corrects them.
  private static final int LONGEST = 2048;

  private static final int SHORTEST = 128;
  private static final int BLOCK = 512;
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Model model;
  private final Text text;
  private final Settings settings;
  private final RunIdentity identity;
  private final Corpus corpus;

  /// A text and its tokens.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Text(String name, String content, int[] ids) {}

  /// How it is measured.
  record Settings(
      ModelShape shape,
      int context,
      CacheType cacheType,
      String preTokenizer,
      String command,
      String machine) {}

  /// What the readings came to, and how long they took.
  record Read(Race.Outcome outcome, TextReadings readings, double seconds) {}

  AdviceRun(Model model, Text text, Settings settings) {
    this.model = model;
    this.text = text;
    this.settings = settings;
    this.identity = RunIdentity.of(model);
    this.corpus =
        TextArguments.corpusOf(List.of(new Document(text.name(), text.ids())), model.tokenizer());
  }

  Model model() {
    return model;
  }

  Settings settings() {
    return settings;
  }

  Text text() {
    return text;
  }

  RunIdentity identity() {
    return identity;
  }

  int trained() {
    return model.config().trainedLength();
  }

  /// What the run of this advice is.
  RunHeader header() {
    return header(
        identity
            .run("advice")
            .and("text", corpus.fingerprint())
            .and("context", settings.context())
            .and("cache_type", settings.cacheType()));
  }

  /// The readings' run is that of `eval perplexity`, so that each finds the other's measurements.
  private RunHeader readingsHeader() {
    PerplexityPlan plan =
        new PerplexityPlan(
            Protocol.WHOLE,
            List.of(settings.context()),
            stride(),
            Integer.MAX_VALUE,
            List.of(),
            settings.cacheType());
    return header(identity.perplexity(corpus, plan));
  }

  /// A run of such measurements.
  RunHeader header(Labels identity) {
    Labels facts =
        Labels.of("model", String.valueOf(model.path().getFileName()))
            .and("text", text.name())
            .and("mean", Weighting.TOKENS)
            .and("command", settings.command())
            .and("machine", settings.machine());
    return new RunHeader(identity, facts);
  }

  /// About fifty blocks beyond the trained length, for a bootstrap to draw from, of 16 predictions
  /// at least, for neighbours are alike.
  private int stride() {
    return Integer.highestOneBit(Math.clamp((settings.context() - trained()) / 48, 16, 256));
  }

  /// Short runs under the model as it is.
  AdviceCosts calibrate(MethodSpec spec, EvalOutput output, Console console) {
    return output.keep(
        header(),
        console,
        cells ->
            cells
                .find(CALIBRATION)
                .map(this::costs)
                .orElseGet(() -> calibrate(spec, cells, console)));
  }

  private AdviceCosts costs(JsonNode json) {
    return new AdviceCosts(
        settings.shape(),
        json.required("per_token").doubleValue(),
        json.required("per_pair").doubleValue(),
        json.required("seconds").doubleValue());
  }

  private AdviceCosts calibrate(MethodSpec spec, Cells cells, Console console) {
    int longest = Math.clamp(settings.context() / 4, SHORTEST, LONGEST);
    Method method = Method.resolve(spec, model.config(), longest);
    long start = System.nanoTime();
    List<Calibration.Run> runs;
    try (PlanProgress progress = new PlanProgress(console, "calibrating")) {
      BenchOptions options =
          new BenchOptions(1, BLOCK, settings.cacheType(), WARM_UP, Optional.empty());
      runs =
          new Calibration(model, options, progress)
              .runs(method, List.of(longest / 4, longest / 2, longest));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    AdviceCosts costs = AdviceCosts.of(settings.shape(), method, runs, seconds);
    var json = JsonMapper.shared().createObjectNode();
    json.put("per_token", costs.perToken())
        .put("per_pair", costs.perPair())
        .put("seconds", seconds);
    cells.keep(new Cell(CALIBRATION, json));
    return costs;
  }

  /// Lets the methods read, for so many seconds.
  Read race(
      List<MethodSpec> methods,
      double seconds,
      AdviceCosts costs,
      EvalOutput output,
      Console console) {
    RunHeader header = readingsHeader();
    try (AdviceProgress progress = new AdviceProgress(console)) {
      TextReadings.How how =
          new TextReadings.How(stride(), settings.cacheType(), costs::predict, progress);
      return output.keep(
          header,
          console,
          cells -> {
            TextReadings readings = new TextReadings(model.decoder(), corpus, how, header, cells);
            Race race = new Race(readings, trained(), settings.context(), seconds);
            Race.Outcome outcome = race.run(methods);
            return new Read(outcome, readings, seconds - race.remaining());
          });
    }
  }

  /// That something was left out.
  static String sentence(String what, LeftOut missing) {
    return "left out, for the budget is too short: %s under %s, %s tokens in about %s"
        .formatted(
            what,
            missing.method(),
            Amounts.count(missing.length()),
            Amounts.time(Duration.ofMillis(Math.round(1000 * missing.seconds()))));
  }
}
