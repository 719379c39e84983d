package dev.farspan.bench;

import dev.farspan.bench.FlashStudy.Cost;
import dev.farspan.bench.FlashStudy.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Panels side by side, length of the prompt to the right and a cost upwards, both in powers: a
/// cost that grows with the square of the length rises twice as fast as one that grows with it.
final class StudyChart {
  private static final int PANEL = 430;
  private static final int HEIGHT = 360;
  private static final int LEFT = 66;
  private static final int RIGHT = 74; // names of the lines
  private static final int TOP = 60;
  private static final int BOTTOM = HEIGHT - 50;
  private static final String FONT =
      "system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";
  private static final String NAIVE = "#c2410c";
  private static final String FLASH = "#0b62b4";

  private final List<Row> rows;
  private final StringBuilder out = new StringBuilder();
  private int panels;

  StudyChart(List<Row> rows) {
    this.rows = List.copyOf(rows);
  }

  /// Values on a scale of powers of ten.
  private record Scale(int least, int most) {
    static Scale of(List<Double> values) {
      double low = values.stream().mapToDouble(Math::log10).min().orElse(0);
      double high = values.stream().mapToDouble(Math::log10).max().orElse(1);
      int least = (int) Math.floor(low);
      return new Scale(least, Math.max(least + 1, (int) Math.ceil(high)));
    }

    double y(double value) {
      double part = (Math.log10(value) - least) / (most - least);
      return BOTTOM - part * (BOTTOM - TOP);
    }
  }

  /// Adds a panel for one kind of cost.
  StudyChart panel(String title, ToDoubleFunction<Cost> value, DoubleFunction<String> spelled) {
    ToDoubleFunction<Cost> positive = cost -> Math.max(1e-9, value.applyAsDouble(cost));
    List<Double> all = new ArrayList<>();
    for (Row row : rows) {
      all.add(positive.applyAsDouble(row.flash()));
      row.naive().ifPresent(cost -> all.add(positive.applyAsDouble(cost)));
    }
    Scale scale = Scale.of(all);
    int left = panels++ * PANEL;
    words(left + 14, 28, "font-size=\"15\" font-weight=\"600\" fill=\"#0f172a\"", title);
    axes(left, scale, spelled);
    line(left, scale, row -> Optional.of(positive.applyAsDouble(row.flash())), "flash", FLASH);
    line(left, scale, row -> row.naive().map(positive::applyAsDouble), "naive", NAIVE);
    return this;
  }

  String svg() {
    int width = panels * PANEL;
    return ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %2$d\" width=\"%1$d\""
                + " height=\"%2$d\" font-family=\"%3$s\" font-size=\"13\" role=\"img\">\n"
                + "<title>Naive against flash attention, by length of the prompt</title>\n"
                + "<rect width=\"%1$d\" height=\"%2$d\" fill=\"#ffffff\"/>\n")
            .formatted(width, HEIGHT, FONT)
        + out
        + "</svg>\n";
  }

  private void axes(int left, Scale scale, DoubleFunction<String> spelled) {
    for (int power = scale.least(); power <= scale.most(); power++) {
      double y = scale.y(Math.pow(10, power));
      rule(left + LEFT, y, left + PANEL - RIGHT, y, "#e2e8f0");
      words(
          left + LEFT - 8,
          y + 4.5,
          "text-anchor=\"end\" fill=\"#334155\"",
          spelled.apply(Math.pow(10, power)));
    }
    rule(left + LEFT, BOTTOM, left + PANEL - RIGHT, BOTTOM, "#64748b");
    for (int i = 0; i < rows.size(); i++) {
      int tokens = rows.get(i).tokens();
      String name = tokens % 1024 == 0 ? tokens / 1024 + "k" : String.valueOf(tokens);
      rule(x(left, i), BOTTOM, x(left, i), BOTTOM + 5, "#64748b");
      words(x(left, i), BOTTOM + 20, "text-anchor=\"middle\" fill=\"#334155\"", name);
    }
    words(
        left + (LEFT + PANEL - RIGHT) / 2.0,
        BOTTOM + 40,
        "text-anchor=\"middle\" font-size=\"12\" fill=\"#475569\"",
        "tokens of the prompt");
  }

  private void line(
      int left, Scale scale, Function<Row, Optional<Double>> value, String name, String colour) {
    StringBuilder path = new StringBuilder();
    double lastX = 0;
    double lastY = 0;
    for (int i = 0; i < rows.size(); i++) {
      Optional<Double> cost = value.apply(rows.get(i));
      if (cost.isPresent()) {
        lastX = x(left, i);
        lastY = scale.y(cost.get());
        path.append(path.isEmpty() ? "M" : " L").append(px(lastX)).append(' ').append(px(lastY));
        add(
            "<circle cx=\"%s\" cy=\"%s\" r=\"3.5\" fill=\"%s\"/>"
                .formatted(px(lastX), px(lastY), colour));
      }
    }
    if (!path.isEmpty()) {
      add(
          "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>"
              .formatted(path, colour));
      words(lastX + 9, lastY + 4.5, "font-weight=\"600\" fill=\"" + colour + "\"", name);
    }
  }

  /// Lengths double from one to the next, so equal steps are powers.
  private double x(int left, int index) {
    double step = (PANEL - LEFT - RIGHT - 20.0) / Math.max(1, rows.size() - 1);
    return left + LEFT + 10 + index * step;
  }

  private void rule(double x1, double y1, double x2, double y2, String colour) {
    add(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>"
            .formatted(px(x1), px(y1), px(x2), px(y2), colour));
  }

  private void words(double x, double y, String style, String text) {
    add("<text x=\"%s\" y=\"%s\" %s>%s</text>".formatted(px(x), px(y), style, text));
  }

  private static String px(double x) {
    return String.format(Locale.ROOT, "%.1f", x);
  }

  private void add(String element) {
    out.append(element).append('\n');
  }
}
