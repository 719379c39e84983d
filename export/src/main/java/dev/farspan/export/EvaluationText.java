package dev.farspan.export;

import dev.farspan.formats.text.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `results.json` of an evaluation as tables for a card.
///
/// @param results its content
record EvaluationText(Map<String, Object> results) {
  private static final String FILE = "results.json";

  static EvaluationText of(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(
          "there is no evaluation in %s: it has no %s; make one with 'farspan eval ... --out %s'"
              .formatted(directory, FILE, directory));
    }
    EvaluationText text = new EvaluationText(JsonFile.read(file));
    if (text.text().isBlank()) {
      throw new IllegalArgumentException(
          file + " holds neither perplexities nor scores of tasks: is it an evaluation's?");
    }
    return text;
  }

  String text() {
    StringBuilder out = new StringBuilder();
    for (Map<?, ?> report : objects(results, "perplexity")) {
      out.append(perplexity(report));
    }
    for (Map<?, ?> table : objects(results, "tasks")) {
      out.append(table(table));
    }
    return out.toString();
  }

  private static String perplexity(Map<?, ?> report) {
    StringBuilder out = new StringBuilder(report.get("winner") + "\n\n");
    out.append(
        "| method | length | perplexity | 95 % interval | tokens |\n|---|---|---|---|---|\n");
    for (Map<?, ?> row : objects(report, "results")) {
      out.append(
          "| %s | %s | %s | %s | %s |\n"
              .formatted(
                  row.get("method"),
                  row.get("length"),
                  number(row.get("perplexity")),
                  interval(row),
                  row.get("tokens")));
    }
    return out.append('\n').toString();
  }

  /// A reading too short for an interval has none.
  private static String interval(Map<?, ?> row) {
    return row.containsKey("perplexity_low")
        ? number(row.get("perplexity_low")) + " - " + number(row.get("perplexity_high"))
        : "-";
  }

  /// Scores in percent: a row for each task, a column for each length.
  private static String table(Map<?, ?> table) {
    List<?> lengths = list(table.get("lengths"));
    List<?> tasks = list(table.get("tasks"));
    List<?> scores = list(table.get("scores"));
    StringBuilder out =
        new StringBuilder("Scores in percent, %s:\n\n| task".formatted(table.get("title")));
    lengths.forEach(length -> out.append(" | ").append(length));
    out.append(" |\n|---").append("|---".repeat(lengths.size())).append("|\n");
    for (int i = 0; i < tasks.size(); i++) {
      out.append("| ").append(tasks.get(i));
      list(scores.get(i)).forEach(score -> out.append(" | ").append(number(score)));
      out.append(" |\n");
    }
    return out.append('\n').toString();
  }

  private static List<Map<?, ?>> objects(Map<?, ?> object, String key) {
    return list(object.get(key)).stream()
        .filter(item -> item instanceof Map)
        .<Map<?, ?>>map(item -> (Map<?, ?>) item)
        .toList();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static String number(@Nullable Object value) {
    return value instanceof Number number
        ? String.format(Locale.ROOT, "%.4g", number.doubleValue())
        : String.valueOf(value);
  }
}
