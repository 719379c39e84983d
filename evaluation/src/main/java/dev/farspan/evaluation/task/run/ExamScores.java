package dev.farspan.evaluation.task.run;

import dev.farspan.evaluation.cells.RunCells;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// What the cells of a run say together.
///
/// @param cells the cells
public record ExamScores(List<ExamCell> cells) {
  /// The average, in percent, that RULER asks of a length that counts as effective: that of
  /// Llama-2-7B-chat at 4K tokens (arXiv 2404.06654 section 4).
  public static final double RULER_THRESHOLD = 85.6;

  /// Copies the list.
  public ExamScores {
    cells = List.copyOf(cells);
  }

  /// Returns what has been kept of a run.
  ///
  /// @param run its measurements
  /// @return the scores
  public static ExamScores of(RunCells run) {
    return new ExamScores(
        run.cells().stream().map(cell -> ExamCell.of(cell.key(), cell.value())).toList());
  }

  /// Returns the scores as a map by depth shows them: where all samples were asked at one depth, a
  /// cell for each needle of theirs, so that several needles in one text fill a column of the map
  /// with one reading; else the samples as they are.
  ///
  /// @return the same answers
  public ExamScores mapped() {
    boolean oneDepth = cells.stream().mapToDouble(ExamCell::depth).distinct().count() == 1;
    return oneDepth
        ? new ExamScores(cells.stream().flatMap(cell -> cell.byNeedle().stream()).toList())
        : this;
  }

  /// Returns the tasks, in the order of the run.
  ///
  /// @return names
  public List<String> tasks() {
    return cells.stream().map(ExamCell::task).distinct().toList();
  }

  /// Returns the methods, in the order of the run.
  ///
  /// @return specifications
  public List<String> methods() {
    return cells.stream().map(ExamCell::method).distinct().toList();
  }

  /// Returns the lengths, the shortest first.
  ///
  /// @return tokens
  public List<Integer> lengths() {
    return cells.stream().map(ExamCell::length).distinct().sorted().toList();
  }

  /// Returns the depths of a task, 0 first.
  ///
  /// @param task its name
  /// @return percentages
  public List<Double> depths(String task) {
    return cells.stream()
        .filter(cell -> cell.task().equals(task))
        .map(ExamCell::depth)
        .distinct()
        .sorted()
        .toList();
  }

  /// Returns the mean score of some cells.
  ///
  /// @param which which cells
  /// @return 0 to 100; empty if there are none
  public OptionalDouble percent(Predicate<ExamCell> which) {
    OptionalDouble mean = mean(which, ExamCell::score);
    return mean.isPresent() ? OptionalDouble.of(100 * mean.getAsDouble()) : mean;
  }

  /// Returns the mean loss of the right answers of some cells.
  ///
  /// @param which which cells
  /// @return nats per token; empty if there are none
  public OptionalDouble loss(Predicate<ExamCell> which) {
    return mean(which, ExamCell::loss);
  }

  private OptionalDouble mean(Predicate<ExamCell> which, ToDoubleFunction<ExamCell> value) {
    return cells.stream().filter(which).mapToDouble(value).average();
  }

  /// Returns the mean over the tasks at one length.
  ///
  /// @param method the context method
  /// @param length tokens
  /// @return 0 to 100, every task counting the same
  public double average(String method, int length) {
    return tasks().stream()
        .map(task -> percent(cell -> cell.is(task, method, length)))
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .average()
        .orElse(0);
  }

  /// Returns RULER's `wAvg (inc)` of a method.
  ///
  /// @param method the context method
  /// @return 0 to 100
  public double rising(String method) {
    return rising(averages(method));
  }

  /// Returns RULER's `wAvg (dec)` of a method.
  ///
  /// @param method the context method
  /// @return 0 to 100
  public double falling(String method) {
    return rising(averages(method).reversed());
  }

  private List<Double> averages(String method) {
    return lengths().stream()
        .filter(n -> cells.stream().anyMatch(c -> c.method().equals(method) && c.length() == n))
        .map(length -> average(method, length))
        .toList();
  }

  /// Returns a mean whose weights rise from 1 by 1: RULER's average over lengths for users of long
  /// texts (arXiv 2404.06654 section 4); reversed, for those of short ones.
  ///
  /// @param averages one for each length
  /// @return the weighted mean; NaN if there is none
  public static double rising(List<Double> averages) {
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < averages.size(); i++) {
      sum += (i + 1) * averages.get(i);
      weights += i + 1;
    }
    return sum / weights;
  }

  /// Returns the largest length whose average reaches RULER's threshold.
  ///
  /// @param method the context method
  /// @return tokens; empty if none does
  public OptionalInt effectiveLength(String method) {
    return lengths().stream()
        .mapToInt(length -> length)
        .filter(length -> average(method, length) >= RULER_THRESHOLD)
        .max();
  }
}
