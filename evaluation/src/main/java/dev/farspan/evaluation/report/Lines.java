package dev.farspan.evaluation.report;

import dev.farspan.evaluation.perplexity.PerplexityRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/// Lines over categories that stand side by side, one for each method.
///
/// @param id a name for the page
/// @param title what is drawn
/// @param unit what the values are
/// @param categories what stands below
/// @param values for each method its values; NaN where it has none
record Lines(
    String id,
    String title,
    String unit,
    List<String> categories,
    SequencedMap<String, List<Double>> values) {
  /// Where the largest is so many times the smallest, all others would lie on the axis.
  private static final double EXPLODED = 8;

  /// A value of every row by its length.
  static Lines byLength(
      String id,
      String title,
      String unit,
      List<PerplexityRow> rows,
      ToDoubleFunction<PerplexityRow> value) {
    List<Integer> lengths = rows.stream().map(PerplexityRow::length).distinct().sorted().toList();
    SequencedMap<String, List<Double>> values = new LinkedHashMap<>();
    for (PerplexityRow row : rows) {
      values
          .computeIfAbsent(row.method(), _ -> empty(lengths.size()))
          .set(lengths.indexOf(row.length()), value.applyAsDouble(row));
    }
    return new Lines(id, title, unit, lengths.stream().map(HeatMapChart::length).toList(), values);
  }

  /// The loss in every band of the longest length.
  static Lines byPosition(String id, List<PerplexityRow> rows) {
    int longest = rows.stream().mapToInt(PerplexityRow::length).max().orElse(0);
    List<PerplexityRow> there = rows.stream().filter(row -> row.length() == longest).toList();
    List<PerplexityRow.Band> bands = there.getFirst().bands();
    SequencedMap<String, List<Double>> values = new LinkedHashMap<>();
    for (PerplexityRow row : there) {
      values.put(row.method(), row.bands().stream().map(PerplexityRow.Band::loss).toList());
    }
    return new Lines(
        id,
        "Loss by position, at a length of " + Markup.count(longest),
        "nats per token",
        bands.stream()
            .map(b -> HeatMapChart.length(b.from()) + "-" + HeatMapChart.length(b.to()))
            .toList(),
        values);
  }

  private static List<Double> empty(int size) {
    List<Double> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(Double.NaN);
    }
    return list;
  }

  /// The axis of the values, as the page and the picture have it.
  ValueAxis axis() {
    return logarithmic() ? LogAxis.of(least(), most()) : Axis.ofLosses(least(), most());
  }

  private double least() {
    return all().stream().mapToDouble(x -> x).min().orElse(1);
  }

  private double most() {
    return all().stream().mapToDouble(x -> x).max().orElse(1);
  }

  /// Whether the axis is to be logarithmic.
  boolean logarithmic() {
    return least() > 0 && most() / least() > EXPLODED;
  }

  private List<Double> all() {
    return values.entrySet().stream()
        .map(Map.Entry::getValue)
        .flatMap(List::stream)
        .filter(value -> !value.isNaN())
        .toList();
  }
}
