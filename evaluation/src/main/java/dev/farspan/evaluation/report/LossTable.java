package dev.farspan.evaluation.report;

import dev.farspan.evaluation.LossCurve;
import java.util.ArrayList;
import java.util.List;

/// The table as text: one line for each band, one column for each method, a rule where the trained
/// length ends. Methods too long for a column get a letter, explained above.
final class LossTable {
  private static final int WIDTH = 100;
  private static final int LEAST = 7;
  private static final String GAP = "  ";

  private final List<LossRow> rows;
  private final List<String> heads;
  private final int labelWidth;
  private final StringBuilder out = new StringBuilder();

  private LossTable(List<LossRow> rows, List<String> heads) {
    this.rows = rows;
    this.heads = heads;
    this.labelWidth =
        rows.stream().mapToInt(row -> row.label().length()).reduce("position".length(), Math::max);
  }

  static String text(ComparisonReport report) {
    RunFacts facts = report.facts();
    List<String> names = report.curves().stream().map(LossCurve::method).toList();
    LossTable table = new LossTable(LossRow.of(report), names);
    StringBuilder legend = new StringBuilder();
    if (table.width() > WIDTH) {
      List<String> letters = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        letters.add(letter(i));
        legend.append(letter(i)).append(" = ").append(names.get(i)).append('\n');
      }
      table = new LossTable(LossRow.of(report), letters);
    }
    return "loss by position in nats, "
        + facts.model()
        + ", "
        + facts.tokens()
        + " tokens of "
        + facts.text()
        + "\n"
        + legend
        + "\n"
        + table.print(facts);
  }

  /// A to Z, then A1, B1 and so on.
  private static String letter(int i) {
    return (char) ('A' + i % 26) + (i < 26 ? "" : String.valueOf(i / 26));
  }

  private int columnWidth(int column) {
    return Math.max(LEAST, heads.get(column).length());
  }

  private int width() {
    int width = labelWidth;
    for (int c = 0; c < heads.size(); c++) {
      width += GAP.length() + columnWidth(c) + 1;
    }
    return width;
  }

  private String print(RunFacts facts) {
    line("position", heads, heads.stream().map(_ -> false).toList());
    boolean before = false;
    for (LossRow row : rows) {
      boolean last = row.label().equals("mean");
      if (last) {
        out.append("-".repeat(width() - 1)).append('\n');
      } else if (row.beyond() && before) {
        rule(" trained length " + facts.trainedLength() + " ");
      }
      before = !row.beyond();
      line(row.label(), row.losses(), row.best());
    }
    if (heads.size() > 1) {
      out.append("\n* lowest of the line\n");
    }
    return out.toString();
  }

  private void rule(String words) {
    int left = Math.max(2, (width() - 1 - words.length()) / 2);
    int right = Math.max(2, width() - 1 - words.length() - left);
    out.append("-".repeat(left)).append(words).append("-".repeat(right)).append('\n');
  }

  private void line(String label, List<String> cells, List<Boolean> marks) {
    StringBuilder line = new StringBuilder();
    line.append(" ".repeat(labelWidth - label.length())).append(label);
    for (int c = 0; c < cells.size(); c++) {
      String cell = cells.get(c);
      line.append(GAP).append(" ".repeat(Math.max(0, columnWidth(c) - cell.length())));
      line.append(cell).append(marks.get(c) ? '*' : ' ');
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
