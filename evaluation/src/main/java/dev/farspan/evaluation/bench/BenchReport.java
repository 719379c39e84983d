package dev.farspan.evaluation.bench;

import dev.farspan.kernels.MachineLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Measurements as a table, as CSV and as JSON.
///
/// @param setting what they have in common
/// @param rows the measurements
public record BenchReport(Setting setting, List<Measurement> rows) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final String CSV_HEAD =
      "test,tokens_per_second,stddev,threads,cache_type,method,limit,limit_fraction,model,"
          + "model_bytes,runs,block,kernels";

  /// What all measurements of a run have in common.
  ///
  /// @param model the model's name
  /// @param modelBytes bytes of its weights
  /// @param threads threads that computed
  /// @param cacheType how keys and values were kept
  /// @param block tokens of a prefill computed together
  /// @param kernels which kernels computed
  /// @param limits what the machine can do at best, if it was measured
  public record Setting(
      String model,
      long modelBytes,
      int threads,
      String cacheType,
      int block,
      String kernels,
      Optional<MachineLimits> limits) {}

  /// Copies the list.
  public BenchReport {
    rows = List.copyOf(rows);
  }

  /// Returns the measurements as a JSON list of objects, the names of a row as in the other forms.
  ///
  /// @return indented JSON that ends with a line break
  public String json() {
    ArrayNode list = JSON.createArrayNode();
    for (Measurement row : rows) {
      ObjectNode object = list.addObject();
      object.put("test", row.test().name());
      object.put("tokens_per_second", row.mean()).put("stddev", row.deviation());
      object.put("threads", setting.threads()).put("cache_type", setting.cacheType());
      object.put("method", row.method());
      row.fraction()
          .ifPresent(f -> object.put("limit", limit(row.test())).put("limit_fraction", f));
      ArrayNode samples = object.putArray("samples");
      row.rates().forEach(samples::add);
      object.put("model", setting.model()).put("model_bytes", setting.modelBytes());
      object.put("block", setting.block()).put("kernels", setting.kernels());
      setting
          .limits()
          .ifPresent(
              limits ->
                  object
                      .put("peak_flops_per_second", limits.flopsPerSecond())
                      .put("peak_bytes_per_second", limits.bytesPerSecond()));
    }
    return JSON.writeValueAsString(list) + "\n";
  }

  /// Returns the measurements as comma-separated values, one line each under a line of names.
  ///
  /// @return lines that end with a line break
  public String csv() {
    List<String> lines = new ArrayList<>(List.of(CSV_HEAD));
    for (Measurement row : rows) {
      boolean limited = row.fraction().isPresent();
      lines.add(
          List.of(
                  row.test().name(),
                  number("%.4f", row.mean()),
                  number("%.4f", row.deviation()),
                  setting.threads(),
                  setting.cacheType(),
                  row.method(),
                  limited ? limit(row.test()) : "",
                  limited ? number("%.4f", row.fraction().getAsDouble()) : "",
                  setting.model(),
                  setting.modelBytes(),
                  row.rates().size(),
                  setting.block(),
                  setting.kernels())
              .stream()
              .map(cell -> quoted(cell.toString()))
              .collect(Collectors.joining(",")));
    }
    return String.join("\n", lines) + "\n";
  }

  /// Returns the measurements as a Markdown table, and below it what the machine can do at best.
  ///
  /// @return lines that end with a line break
  public String markdown() {
    StringBuilder text =
        new StringBuilder(
            """
            | model | size | threads | cache | method | test | tokens/s | of the limit |
            |---|--:|--:|---|---|---|--:|--:|
            """);
    for (Measurement row : rows) {
      text.append(
          "| %s | %s | %d | %s | %s | %s | %s | %s |\n"
              .formatted(
                  setting.model(),
                  number("%.1f MB", setting.modelBytes() / 1e6),
                  setting.threads(),
                  setting.cacheType(),
                  row.method(),
                  row.test().name(),
                  number("%.2f", row.mean()) + " ± " + number("%.2f", row.deviation()),
                  share(row)));
    }
    setting.limits().ifPresent(limits -> text.append("\n").append(sentence(limits)));
    return text.toString();
  }

  private String sentence(MachineLimits limits) {
    return "The machine's limits: %s GFLOP/s, reading %s GB/s. Kernels: %s.\n"
        .formatted(
            number("%.0f", limits.flopsPerSecond() / 1e9),
            number("%.1f", limits.bytesPerSecond() / 1e9),
            setting.kernels());
  }

  private static String share(Measurement row) {
    return row.fraction().isEmpty()
        ? "-"
        : number("%.0f %% of ", 100 * row.fraction().getAsDouble()) + limit(row.test());
  }

  private static String limit(BenchTest test) {
    return switch (test) {
      case BenchTest.Prefill _ -> "flops";
      case BenchTest.Decode _ -> "bandwidth";
    };
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String quoted(String cell) {
    return cell.matches("[^,\"\n]*") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
  }
}
