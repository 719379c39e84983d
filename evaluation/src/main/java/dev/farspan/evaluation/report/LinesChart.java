package dev.farspan.evaluation.report;

import static dev.farspan.evaluation.report.Markup.escape;
import static dev.farspan.evaluation.report.Markup.px;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Lines as a picture for a paper.
final class LinesChart {
  private static final int WIDTH = 860;
  private static final int LEFT = 64;
  private static final int TOP = 48;
  private static final int HEIGHT = 300;
  private static final int BELOW = 22;
  private static final int ROW = 18; // of the categories' names
  private static final double LETTER = 8; // of 13 px in a wide sans-serif font
  private static final int LEADER = 22;
  private static final String FONT =
      "system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";

  private final Lines lines;
  private final ValueAxis axis;
  private final double right;
  private final StringBuilder out = new StringBuilder();

  private LinesChart(Lines lines) {
    this.lines = lines;
    this.axis = lines.axis();
    List<String> names = List.copyOf(lines.values().keySet());
    this.right = WIDTH - LEADER - 8 - EndLabel.width(names);
  }

  static String svg(Lines lines) {
    return new LinesChart(lines).draw();
  }

  private String draw() {
    int rows = rows();
    int height = TOP + HEIGHT + BELOW + rows * ROW;
    add(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"%s\" font-size=\"13\" role=\"img\">")
            .formatted(WIDTH, height, WIDTH, height, FONT));
    add("<title>%s</title>".formatted(escape(lines.title())));
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>".formatted(WIDTH, height));
    String head = lines.title() + ", " + lines.unit() + (lines.logarithmic() ? ", log axis" : "");
    words(12, 26, "font-size=\"16\" font-weight=\"600\" fill=\"#0f172a\"", head);
    for (double tick : axis.ticks()) {
      add(
          "<line x1=\"%d\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"#e2e8f0\"/>"
              .formatted(LEFT, px(y(tick)), px(right), px(y(tick))));
      words(LEFT - 8, y(tick) + 4.5, "text-anchor=\"end\" fill=\"#334155\"", axis.text(tick));
    }
    for (int c = 0; c < lines.categories().size(); c++) {
      words(
          x(c),
          TOP + HEIGHT + 22 + c % rows * ROW,
          "text-anchor=\"middle\" fill=\"#334155\"",
          lines.categories().get(c));
    }
    List<EndLabel> labels = new ArrayList<>();
    int index = 0;
    for (Map.Entry<String, List<Double>> line : lines.values().entrySet()) {
      labels.add(new EndLabel(index, line.getKey(), path(line.getValue(), index++)));
    }
    EndLabel.spread(labels, TOP - EndLabel.LINE / 2, TOP + HEIGHT + EndLabel.LINE / 2);
    labels.forEach(this::label);
    return out.append("</svg>\n").toString();
  }

  /// On how many rows the names of the categories stand in turn, so that none covers the next.
  private int rows() {
    int longest = lines.categories().stream().mapToInt(String::length).max().orElse(0);
    return Math.max(1, (int) Math.ceil((longest + 1) * LETTER / (x(1) - x(0))));
  }

  /// Draws a line and returns the height of its last point.
  private double path(List<Double> values, int index) {
    StringBuilder path = new StringBuilder();
    double last = TOP + HEIGHT;
    for (int c = 0; c < values.size(); c++) {
      if (!values.get(c).isNaN()) {
        last = y(values.get(c));
        path.append(path.isEmpty() ? "M" : " L").append(px(x(c))).append(' ').append(px(last));
        add(
            "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>"
                .formatted(px(x(c)), px(last), LossChart.colour(index)));
      }
    }
    add(
        "<path d=\"%s\" fill=\"none\" %s stroke-width=\"2\"/>"
            .formatted(path, LossChart.stroke(index)));
    return last;
  }

  private void label(EndLabel label) {
    double first = label.middle() - (label.lines().size() - 1) * EndLabel.LINE / 2 + 4.5;
    for (int i = 0; i < label.lines().size(); i++) {
      words(
          right + LEADER,
          first + i * EndLabel.LINE,
          "font-weight=\"600\" fill=\"" + LossChart.colour(label.curve()) + "\"",
          label.lines().get(i));
    }
  }

  private double x(int category) {
    int gaps = Math.max(1, lines.categories().size() - 1);
    return LEFT + 24 + category * (right - LEFT - 48) / gaps;
  }

  private double y(double value) {
    return axis.at(value, TOP + HEIGHT, TOP);
  }

  private void words(double x, double y, String style, String text) {
    add("<text x=\"%s\" y=\"%s\" %s>%s</text>".formatted(px(x), px(y), style, escape(text)));
  }

  private void add(String element) {
    out.append(element).append('\n');
  }
}
