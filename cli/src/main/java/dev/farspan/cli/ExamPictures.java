package dev.farspan.cli;

import dev.farspan.evaluation.cells.RunCells;
import dev.farspan.evaluation.report.HeatMap;
import dev.farspan.evaluation.report.TaskTable;
import dev.farspan.evaluation.task.run.ExamCell;
import dev.farspan.evaluation.task.run.ExamScores;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/// The retrieval evaluations of a directory as a report shows them.
final class ExamPictures {
  private static final List<String> GRIDS = List.of("passkey", "niah");
  private static final String TABLE = "ruler";

  private ExamPictures() {}

  /// How often was found what was asked for: one map for each task and method of the grids.
  static List<HeatMap> heatMaps(List<RunCells> runs) {
    return maps(runs, (scores, which) -> percent(scores, which) / 100);
  }

  /// How likely the right answers were: a map for each of [#heatMaps].
  static List<HeatMap> likelihoods(List<RunCells> runs) {
    return maps(runs, (scores, which) -> Math.exp(-scores.loss(which).orElse(Double.NaN)));
  }

  private static List<HeatMap> maps(List<RunCells> runs, Value value) {
    List<HeatMap> maps = new ArrayList<>();
    for (RunCells run : runs) {
      if (GRIDS.contains(run.identity().get("kind"))) {
        ExamScores scores = ExamScores.of(run).mapped();
        for (String task : scores.tasks()) {
          scores.methods().forEach(method -> maps.add(heatMap(scores, task, method, value)));
        }
      }
    }
    return maps;
  }

  /// A number for some cells, 0 to 1; NaN for none.
  private interface Value {
    double of(ExamScores scores, Predicate<ExamCell> which);
  }

  private static HeatMap heatMap(ExamScores scores, String task, String method, Value value) {
    List<List<Double>> rows = new ArrayList<>();
    for (double depth : scores.depths(task)) {
      rows.add(
          scores.lengths().stream()
              .map(
                  length ->
                      value.of(
                          scores, cell -> cell.is(task, method, length) && cell.depth() == depth))
              .toList());
    }
    return new HeatMap(task + ", " + method, scores.lengths(), scores.depths(task), rows);
  }

  /// One table for each method of the runs of many tasks.
  static List<TaskTable> tables(List<RunCells> runs) {
    List<TaskTable> tables = new ArrayList<>();
    for (RunCells run : runs) {
      if (run.identity().get("kind").equals(TABLE)) {
        ExamScores scores = ExamScores.of(run);
        scores.methods().forEach(method -> tables.add(table(scores, method)));
      }
    }
    return tables;
  }

  private static TaskTable table(ExamScores scores, String method) {
    List<List<Double>> rows = new ArrayList<>();
    for (String task : scores.tasks()) {
      rows.add(
          scores.lengths().stream()
              .map(length -> percent(scores, cell -> cell.is(task, method, length)))
              .toList());
    }
    return new TaskTable(
        method, scores.lengths(), scores.tasks(), rows, ExamScores.RULER_THRESHOLD);
  }

  private static double percent(ExamScores scores, Predicate<ExamCell> which) {
    OptionalDouble percent = scores.percent(which);
    return percent.isPresent() ? percent.getAsDouble() : Double.NaN;
  }
}
