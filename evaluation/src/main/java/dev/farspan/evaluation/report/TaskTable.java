package dev.farspan.evaluation.report;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Scores of several tasks by length, and how far the context is of use.
///
/// @param title which method
/// @param lengths tokens of the texts, ascending
/// @param tasks the tasks' names
/// @param scores in percent: a row for each task, a column for each length; NaN where nothing was
///   measured
/// @param threshold the least mean of a length that counts as used, in percent: 85.6 for RULER
///   (Hsieh et al., 2024, arXiv:2404.06654, section 4: what Llama-2-7B reaches at 4k)
public record TaskTable(
    String title,
    List<Integer> lengths,
    List<String> tasks,
    List<List<Double>> scores,
    double threshold) {
  /// Copies and checks the lists.
  ///
  /// @throws IllegalArgumentException if the matrix has another shape than its margins, or a score
  ///   is below 0 or above 100
  public TaskTable {
    lengths = List.copyOf(lengths);
    tasks = List.copyOf(tasks);
    scores = scores.stream().map(List::copyOf).toList();
    Grids.require(title, scores, tasks.size(), lengths.size(), 100);
  }

  /// Returns the mean over the tasks.
  ///
  /// @param column which length, from 0
  /// @return percent; NaN if a task was not measured there
  public double mean(int column) {
    return scores.stream().mapToDouble(row -> row.get(column)).average().orElse(Double.NaN);
  }

  /// Returns the mean over the tasks of every length.
  ///
  /// @return percentages; NaN where a task was not measured
  public List<Double> means() {
    return IntStream.range(0, lengths.size()).mapToObj(this::mean).toList();
  }

  /// Returns the mean over tasks and lengths.
  ///
  /// @return percent; 0 if nothing was measured
  public double overall() {
    return means().stream()
        .filter(mean -> !mean.isNaN())
        .mapToDouble(mean -> mean)
        .average()
        .orElse(0);
  }

  /// Returns the effective length: the longest whose mean reaches the threshold.
  ///
  /// @return tokens; empty if none does
  public OptionalInt effectiveLength() {
    for (int c = lengths.size() - 1; c >= 0; c--) {
      if (mean(c) >= threshold) {
        return OptionalInt.of(lengths.get(c));
      }
    }
    return OptionalInt.empty();
  }
}
