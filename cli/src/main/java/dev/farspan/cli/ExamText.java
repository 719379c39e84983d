package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.evaluation.task.run.ExamScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/// A retrieval evaluation as a person reads it: heat maps, or one table of tasks.
final class ExamText {
  /// From nothing to everything; the last is for 100 alone.
  private static final String SHADES = "\u00b7\u2591\u2592\u2593\u2588";

  /// The same in colours of the 256 that terminals know, near those of the report's pictures: red,
  /// orange, yellow, light green, green.
  private static final List<Integer> COLOURS = List.of(204, 209, 221, 150, 43);

  private final ExamScores scores;
  private final boolean colour;
  private final StringBuilder text = new StringBuilder();

  private ExamText(ExamScores scores, boolean colour) {
    this.scores = scores;
    this.colour = colour;
  }

  /// Depth down, length across, one map for each method.
  static String heatMaps(ExamScores answers, boolean colour) {
    ExamScores scores = answers.mapped();
    ExamText out = new ExamText(scores, colour);
    for (String task : scores.tasks()) {
      for (String method : scores.methods()) {
        out.heatMap(task, method);
      }
    }
    return out.text.toString();
  }

  private void heatMap(String task, String method) {
    List<List<String>> rows = new ArrayList<>();
    addDepths(rows, "depth", task, method);
    rows.add(row("mean", length -> plain(percent(task, method, length))));
    rows.add(row("answer loss", length -> loss(task, method, length)));
    text.append(task).append(", ").append(method).append(": percent found\n");
    text.append(Columns.align(rows)).append('\n');
  }

  /// A head with the lengths, and a line for each depth.
  private void addDepths(List<List<String>> rows, String head, String task, String method) {
    rows.add(row(head, length -> Amounts.count(length)));
    for (double depth : scores.depths(task)) {
      rows.add(
          row(
              String.format(Locale.ROOT, "%.0f %%", depth),
              length -> shaded(percent(task, method, length, depth))));
    }
  }

  /// Small maps, two side by side.
  static String tiles(ExamScores scores, boolean colour) {
    ExamText out = new ExamText(scores, colour);
    for (String task : scores.tasks()) {
      List<List<String>> tiles =
          scores.methods().stream().map(method -> out.tile(task, method)).toList();
      for (int i = 0; i < tiles.size(); i += 2) {
        out.beside(tiles.get(i), i + 1 < tiles.size() ? tiles.get(i + 1) : List.of());
      }
    }
    return out.text.toString();
  }

  private List<String> tile(String task, String method) {
    List<List<String>> rows = new ArrayList<>();
    addDepths(rows, "", task, method);
    List<String> lines = new ArrayList<>(List.of(method));
    Columns.align(rows).lines().forEach(lines::add);
    return lines;
  }

  private void beside(List<String> left, List<String> right) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      rows.add(right.isEmpty() ? List.of(left.get(i)) : List.of(left.get(i), right.get(i)));
    }
    text.append(Columns.align(rows)).append('\n');
  }

  private List<String> row(String name, IntFunction<String> cell) {
    List<String> row = new ArrayList<>(List.of(name));
    scores.lengths().forEach(length -> row.add(cell.apply(length)));
    return row;
  }

  private OptionalDouble percent(String task, String method, int length, double depth) {
    return scores.percent(cell -> cell.is(task, method, length) && cell.depth() == depth);
  }

  private OptionalDouble percent(String task, String method, int length) {
    return scores.percent(cell -> cell.is(task, method, length));
  }

  private String loss(String task, String method, int length) {
    OptionalDouble loss = scores.loss(cell -> cell.is(task, method, length));
    return loss.isPresent() ? String.format(Locale.ROOT, "%.2f", loss.getAsDouble()) : "";
  }

  private String shaded(OptionalDouble percent) {
    if (percent.isEmpty()) {
      return "";
    }
    int shade = (int) (percent.getAsDouble() / 100 * (SHADES.length() - 1));
    if (colour) {
      // black on the shade: both are set, whatever the terminal's own colours
      return String.format(
          Locale.ROOT,
          "\033[48;5;%d;38;5;16m%4.0f \033[0m",
          COLOURS.get(shade),
          percent.getAsDouble());
    }
    return String.valueOf(SHADES.charAt(shade)).repeat(2) + " " + plain(percent);
  }

  private static String plain(OptionalDouble percent) {
    return percent.isPresent() ? String.format(Locale.ROOT, "%.0f", percent.getAsDouble()) : "";
  }

  /// Tasks across, method and length down, and the effective length of each method.
  static String table(ExamScores scores) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("method", "length"));
    head.addAll(scores.tasks());
    head.add("average");
    rows.add(head);
    ExamText out = new ExamText(scores, false);
    for (String method : scores.methods()) {
      for (int length : scores.lengths()) {
        List<String> row = new ArrayList<>(List.of(method, Amounts.count(length)));
        for (String task : scores.tasks()) {
          row.add(plain(out.percent(task, method, length)));
        }
        row.add(String.format(Locale.ROOT, "%.1f", scores.average(method, length)));
        rows.add(row);
      }
    }
    out.text.append(Columns.align(rows)).append('\n');
    for (String method : scores.methods()) {
      out.effective(method);
    }
    return out.text.toString();
  }

  private void effective(String method) {
    OptionalInt length = scores.effectiveLength(method);
    text.append(
        length.isPresent()
            ? "%s: effective length %s (average of at least %s)\n"
                .formatted(method, Amounts.count(length.getAsInt()), ExamScores.RULER_THRESHOLD)
            : "%s: no length reaches an average of %s\n"
                .formatted(method, ExamScores.RULER_THRESHOLD));
    if (scores.lengths().size() > 1) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s: weighted average over lengths %.1f where long ones count more (wAvg inc), %.1f where short ones do (wAvg dec)\n",
              method,
              scores.rising(method),
              scores.falling(method)));
    }
  }
}
