package dev.farspan.cli;

import java.util.List;

/// Lines up text in columns.
final class Columns {
  private static final String GAP = "  ";

  private Columns() {}

  /// Each row on a line, each column as wide as its widest cell; the last cell of a row may be of
  /// any width.
  static String align(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size() - 1; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        boolean last = i == row.size() - 1;
        String cell = row.get(i);
        text.append(cell);
        text.append(last ? "\n" : " ".repeat(widths[i] - cell.length()) + GAP);
      }
    }
    return text.toString();
  }
}
