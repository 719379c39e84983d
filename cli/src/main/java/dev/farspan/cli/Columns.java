package dev.farspan.cli;

import java.util.List;
import java.util.regex.Pattern;

/// Lines up text in columns.
final class Columns {
  private static final String GAP = "  ";

  /// What sets colours takes no place on a line.
  private static final Pattern COLOUR = Pattern.compile("\033\\[[0-9;]*m");

  private Columns() {}

  /// Each row on a line, each column as wide as its widest cell; the last cell of a row may be of
  /// any width.
  static String align(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size() - 1; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        boolean last = i == row.size() - 1;
        String cell = row.get(i);
        text.append(cell);
        text.append(last ? "\n" : " ".repeat(widths[i] - width(cell)) + GAP);
      }
    }
    return text.toString();
  }

  private static int width(String cell) {
    return COLOUR.matcher(cell).replaceAll("").length();
  }
}
