package dev.farspan.cli;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.perplexity.CacheQuality;
import dev.farspan.evaluation.perplexity.CacheQualityRow;
import dev.farspan.evaluation.perplexity.Estimate;
import dev.farspan.evaluation.perplexity.Interval;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan eval kv`: what each type of the KV cache costs in quality.
@Command(
    name = "kv",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures what rounding keys and values costs: loss and Kullback-Leibler divergence of the"
          + " next-token distributions against f32, for each type of the KV cache.",
      "All types are read side by side, so that the caches of all are in memory at once."
    },
    footer = {
      "",
      "Example:",
      "  farspan eval kv MODEL --file long.txt --tokens 4k --types f16,q8_0,q4_0,q8_0/q4_0"
    })
final class EvalKv implements Callable<Integer> {
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
      description = "Read the first N tokens; default: 2k.")
  private int tokens = 2048;

  @Option(
      names = "--types",
      paramLabel = "TYPE,TYPE",
      split = ",",
      converter = CacheTypeArgument.Converter.class,
      description =
          "Types of the cache, as --cache-type of other commands; default: f16, bf16, q8_0,"
              + " q8_0/q4_0, q4_0.")
  private List<CacheType> types =
      List.of("f16", "bf16", "q8_0", "q8_0/q4_0", "q4_0").stream().map(CacheType::parse).toList();

  @Option(names = "--method", paramLabel = "SPEC", description = "The method; default: none.")
  private MethodSpec method = MethodSpec.parse("none");

  @Option(names = "--json", description = "Print JSON instead of the table.")
  private boolean json;

  EvalKv(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    if (tokens < 2) {
      throw new ParameterException(
          spec.commandLine(), "--tokens must be at least 2, got " + tokens);
    }
    String text = Texts.read(file);
    try (Model opened = model.open(console, preTokenizer.name())) {
      preTokenizer.report(opened, text, console);
      int[] ids = opened.tokenizer().encode(text, true);
      Texts.requireTokens(file, ids, tokens);
      ids = Arrays.copyOf(ids, tokens);
      CacheRoom.require(opened.config(), method, ids.length, CacheType.F32);
      print(opened, measure(opened, ids));
    }
    return 0;
  }

  private List<CacheQualityRow> measure(Model opened, int[] ids) {
    List<CacheType> rounded =
        types.stream().distinct().filter(type -> !type.equals(CacheType.F32)).toList();
    long total = (ids.length - 1L) * (rounded.size() + 1);
    Task task = new Task("reading", Task.Unit.TOKENS, total, Task.Pace.SLOWING);
    try (Progress progress = console.progress(task, 0)) {
      return new CacheQuality(opened.decoder(), ids, method).measure(rounded, progress::update);
    }
  }

  private void print(Model opened, List<CacheQualityRow> rows) {
    if (json) {
      console.json(data(opened, rows));
      return;
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of(
            "cache",
            "of f32",
            "loss",
            "loss - f32 [95 %]",
            "KL, nats [95 %]",
            "worst",
            "same top"));
    double exact = rows.getFirst().cacheBytes();
    for (CacheQualityRow row : rows) {
      lines.add(
          List.of(
              row.type().toString(),
              print("%.0f %%", 100 * row.cacheBytes() / exact),
              print("%.5f", row.loss()),
              print("%+.5f", row.difference(), "%+.5f"),
              print("%.2e", row.divergence(), "%.1e"),
              print("%.1e", row.largest()),
              print("%.2f %%", 100 * row.sameTop())));
    }
    console.out().print(Columns.align(lines));
    console.out().flush();
  }

  private static String print(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String print(String format, Estimate value, String ends) {
    return "%s [%s]"
        .formatted(
            print(format, value.mean()), value.interval().text(end -> print(ends, end), ", "));
  }

  private Map<String, Object> data(Model opened, List<CacheQualityRow> rows) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("model", String.valueOf(opened.path().getFileName()));
    data.put("text", String.valueOf(file.getFileName()));
    data.put("tokens", tokens);
    data.put("method", method.text());
    data.put("command", CommandWords.of(spec));
    data.put("machine", Machine.describe(model.threads()));
    data.put("results", rows.stream().map(EvalKv::data).toList());
    return data;
  }

  private static Map<String, Object> data(CacheQualityRow row) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("cache_type", row.type().toString());
    data.put("cache_bytes", row.cacheBytes());
    data.put("loss", row.loss());
    data.put("loss_difference", row.difference().mean());
    put(data, "loss_difference", row.difference().interval());
    data.put("kl", row.divergence().mean());
    put(data, "kl", row.divergence().interval());
    data.put("kl_largest", row.largest());
    data.put("same_top", row.sameTop());
    return data;
  }

  private static void put(Map<String, Object> data, String name, Interval interval) {
    if (interval.isKnown()) {
      data.put(name + "_low", interval.low());
      data.put(name + "_high", interval.high());
    }
  }
}
