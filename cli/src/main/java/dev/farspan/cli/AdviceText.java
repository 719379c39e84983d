package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.advice.Field;
import dev.farspan.evaluation.advice.LeftOut;
import dev.farspan.evaluation.advice.Race;
import dev.farspan.evaluation.advice.Verdict;
import dev.farspan.evaluation.perplexity.Perplexities.Place;
import dev.farspan.evaluation.perplexity.PerplexityRow;
import dev.farspan.planner.advice.Candidates.Skipped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An advice as a person and as a program read it: the recommendation and its reasons, the command,
/// the table, what was left out.
///
/// @param field what was measured
/// @param verdict what is recommended
/// @param reasons why
/// @param skipped methods that were not measured
/// @param run how it was measured
/// @param command the command that uses the method
record AdviceText(
    Field field,
    Verdict verdict,
    List<String> reasons,
    List<Skipped> skipped,
    AdviceRun run,
    String command) {

  /// What the report's page begins with.
  private String sentence() {
    return "For %s tokens of text like %s use %s"
        .formatted(Amounts.count(field.outcome().length()), run.text().name(), verdict.method());
  }

  String text() {
    StringBuilder out = new StringBuilder(sentence()).append(":\n");
    reasons.forEach(reason -> out.append("- ").append(reason).append('\n'));
    out.append('\n').append(command).append("\n\n").append(Columns.align(table()));
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      out.append('\n');
      missing.forEach(line -> out.append(line).append('\n'));
    }
    return out.toString();
  }

  private List<String> missing() {
    List<String> lines = new ArrayList<>();
    skipped.forEach(
        skip -> lines.add("not measured: %s %s".formatted(skip.method(), skip.reason())));
    for (LeftOut left : field.outcome().leftOut()) {
      lines.add(AdviceRun.sentence("reading", left));
    }
    return lines;
  }

  /// The longest reading of each method, those that read most first, then by loss.
  private List<PerplexityRow> rows() {
    Map<String, PerplexityRow> longest = new TreeMap<>();
    for (PerplexityRow row : field.readings().losses().rows()) {
      longest.put(row.method(), row); // rows ascend by length
    }
    return longest.values().stream()
        .sorted(
            Comparator.comparingInt(PerplexityRow::length)
                .reversed()
                .thenComparingDouble(
                    row -> loss(row, new Bands.Range(field.trained(), row.length()))))
        .toList();
  }

  private double loss(PerplexityRow row, Bands.Range range) {
    return field.readings().losses().loss(new Place(row.method(), row.length()), range);
  }

  /// The trained length, then the steps of the race.
  private List<Bands.Range> ranges() {
    List<Bands.Range> ranges = new ArrayList<>(List.of(new Bands.Range(0, field.trained())));
    for (int end : Race.rungs(field.trained(), field.outcome().length())) {
      ranges.add(new Bands.Range(ranges.getLast().to(), end));
    }
    return ranges;
  }

  private List<List<String>> table() {
    List<PerplexityRow> rows = rows();
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("", "method"));
    ranges().forEach(range -> head.add(print(range)));
    head.addAll(List.of("found", "tokens/s", "KV cache"));
    table.add(head);
    for (PerplexityRow row : rows) {
      List<String> line = new ArrayList<>();
      line.add(row.method().equals(verdict.method().text()) ? "*" : "");
      line.add(row.method());
      for (Bands.Range range : ranges()) {
        // empty where the reading ended before
        line.add(
            range.to() > row.length() ? "" : String.format(Locale.ROOT, "%.3f", loss(row, range)));
      }
      line.add(found(row));
      line.add(String.format(Locale.ROOT, "%.0f", row.cost().rate()));
      line.add(Amounts.bytes(row.cost().cacheBytes()));
      table.add(line);
    }
    return table;
  }

  private static String print(Bands.Range range) {
    return "%s-%s".formatted(Amounts.count(range.from()), Amounts.count(range.to()));
  }

  private String found(PerplexityRow row) {
    List<Double> found = field.found(MethodSpec.parse(row.method()));
    return found.isEmpty() || row.length() < field.outcome().length()
        ? ""
        : String.format(
            Locale.ROOT,
            "%.0f %%",
            100 * found.stream().mapToDouble(score -> score).average().orElseThrow());
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sentence", sentence());
    json.put("method", verdict.method().text());
    json.put("context", field.outcome().length());
    json.put("reasons", reasons);
    json.put("command", command);
    json.put("methods", rows().stream().map(this::json).toList());
    json.put("not_measured", missing());
    return json;
  }

  private Map<String, Object> json(PerplexityRow row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("method", row.method());
    json.put("length", row.length());
    json.put("bands", row.bands());
    json.put("found", field.found(MethodSpec.parse(row.method())));
    json.put("tokens_per_second", row.cost().rate());
    json.put("cache_bytes", row.cost().cacheBytes());
    return json;
  }

  /// What is kept of it.
  JsonNode cell() {
    return JsonMapper.shared().valueToTree(json());
  }
}
