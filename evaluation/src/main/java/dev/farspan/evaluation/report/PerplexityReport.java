package dev.farspan.evaluation.report;

import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunCells;
import dev.farspan.evaluation.perplexity.Interval;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.perplexity.PerplexityRow;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The perplexities of one run in every form but pictures.
public final class PerplexityReport {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RunCells run;
  private final Perplexities perplexities;
  private final List<PerplexityRow> rows;

  /// Makes a report.
  ///
  /// @param run where the numbers come from
  /// @param perplexities what its cells say
  public PerplexityReport(RunCells run, Perplexities perplexities) {
    this.run = run;
    this.perplexities = perplexities;
    this.rows = perplexities.rows();
  }

  /// Returns the winner in a sentence.
  ///
  /// @return which method reads best at the longest length, and how sure that is
  public String winner() {
    return Winner.sentence(perplexities, rows);
  }

  /// Returns the report as a table under the sentence that names the winner.
  ///
  /// @return lines that end with a line break
  public String text() {
    return winner() + "\n\n" + table() + "\n" + protocol() + "\n";
  }

  /// Returns a line for each method and length, after a line of names.
  ///
  /// @return lines that end with a line break
  public String table() {
    int width = rows.stream().mapToInt(row -> row.method().length()).max().orElse(0);
    width = Math.max(width, "method".length());
    StringBuilder out = new StringBuilder();
    out.append(
        print(
            "%8s  %-" + width + "s  %10s  %-19s  %7s  %9s  %8s%n",
            "length",
            "method",
            "perplexity",
            "95 % interval",
            "loss",
            "tokens",
            "tokens/s"));
    for (PerplexityRow row : rows) {
      Interval interval = row.interval().exp();
      out.append(
          print(
              "%8s  %-" + width + "s  %10s  %-19s  %7.4f  %9s  %8.0f%n",
              Markup.count(row.length()),
              row.method(),
              number(row.perplexity()),
              interval.text(PerplexityReport::number, " - "),
              row.loss(),
              Markup.count(row.tokens()),
              row.cost().rate()));
    }
    return out.toString();
  }

  /// The pictures: what each method's line is drawn from.
  List<Lines> charts() {
    return List.of(
        Lines.byLength(
            "perplexity",
            "Perplexity by length",
            "lower is better",
            rows,
            PerplexityRow::perplexity),
        Lines.byPosition("loss-by-position", rows),
        Lines.byLength(
            "speed", "Reading speed by length", "tokens/s", rows, row -> row.cost().rate()),
        Lines.byLength(
            "memory", "KV cache by length", "MB", rows, row -> row.cost().cacheBytes() / 1e6));
  }

  /// Returns how the numbers were counted.
  ///
  /// @return a sentence
  public String protocol() {
    Labels id = run.identity();
    String units = rows.isEmpty() || !rows.getFirst().units().documents() ? "blocks" : "documents";
    return "protocol %s, stride %s, mean over %s, cache %s; intervals by bootstrap over %s"
        .formatted(
            id.get("protocol"),
            id.get("stride"),
            run.facts().getLast().get("mean").toLowerCase(Locale.ROOT),
            id.get("cache_type"),
            units);
  }

  /// Four digits that matter, and no more than two places.
  static String number(double x) {
    return String.format(Locale.ROOT, x < 10 ? "%.3f" : x < 10_000 ? "%.2f" : "%.3e", x);
  }

  private static String print(String format, Object... values) {
    return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
  }

  /// Returns the report as JSON.
  ///
  /// @return indented JSON that ends with a line break
  public String json() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(object()) + "\n";
  }

  /// Returns the report as an object: the winner, what the run is, a row for each method and
  /// length.
  ///
  /// @return an object that may take more fields
  public ObjectNode object() {
    ObjectNode object = JSON.createObjectNode().put("winner", winner());
    run.identity().entries().forEach(object::put);
    var parts = object.putArray("runs");
    for (Labels facts : run.facts()) {
      ObjectNode part = parts.addObject();
      facts.entries().forEach(part::put);
    }
    var list = object.putArray("results");
    rows.forEach(row -> list.add(object(row)));
    return object;
  }

  private static ObjectNode object(PerplexityRow row) {
    Interval interval = row.interval().exp();
    ObjectNode object =
        JSON.createObjectNode()
            .put("method", row.method())
            .put("length", row.length())
            .put("tokens", row.tokens())
            .put("loss", row.loss())
            .put("perplexity", row.perplexity());
    if (interval.isKnown()) {
      object.put("perplexity_low", interval.low()).put("perplexity_high", interval.high());
    }
    object
        .put("resampled", row.units().toString())
        .put("tokens_read", row.cost().tokens())
        .put("seconds", row.cost().seconds())
        .put("cache_bytes", row.cost().cacheBytes());
    var bands = object.putArray("bands");
    for (PerplexityRow.Band band : row.bands()) {
      bands
          .addObject()
          .put("from", band.from())
          .put("to", band.to())
          .put("loss", band.loss())
          .put("tokens", band.tokens());
    }
    return object;
  }

  /// Returns one line for each method and length, after a line of names.
  ///
  /// @return comma-separated values
  public String csv() {
    StringBuilder out =
        new StringBuilder(
            "length,method,perplexity,perplexity_low,perplexity_high,loss,tokens,seconds,cache_bytes\n");
    for (PerplexityRow row : rows) {
      Interval interval = row.interval().exp();
      out.append(row.length()).append(",\"").append(row.method()).append("\",");
      out.append(row.perplexity()).append(',');
      out.append(interval.isKnown() ? interval.low() + "," + interval.high() : ",").append(',');
      out.append(row.loss()).append(',');
      out.append(row.tokens()).append(',').append(row.cost().seconds()).append(',');
      out.append(row.cost().cacheBytes()).append('\n');
    }
    return out.toString();
  }
}
