package dev.farspan.evaluation.report;

import static dev.farspan.evaluation.report.Markup.escape;
import static dev.farspan.evaluation.report.Markup.px;

import dev.farspan.evaluation.LossCurve;
import java.util.ArrayList;
import java.util.List;

/// The chart: position to the right, loss upwards, one step line for each method with its name at
/// its end. Steps, because a band has one mean: a slope would let lines part before they do.
final class LossChart {
  private static final int WIDTH = 860;
  private static final int LEFT = 48;
  private static final int TOP = 78;
  private static final int BELOW = 46;
  private static final int LEAST_HEIGHT = 300;
  private static final int LEADER = 22;
  private static final String FONT =
      "system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";

  /// Dark enough for text on white (contrast above 4.5), far apart in hue and lightness.
  static final List<String> COLOURS =
      List.of(
          "#334155", "#0b62b4", "#c2410c", "#15803d", "#9d1f8f", "#0e7490", "#92610a", "#b91c1c",
          "#6d28d9", "#4d7c0f");

  private static final List<String> DASHES = List.of("", "7 4", "2 3");

  private final ComparisonReport report;
  private final Axis positions;
  private final Axis losses;
  private final double right;
  private final double bottom;
  private final List<EndLabel> labels = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();

  LossChart(ComparisonReport report) {
    this.report = report;
    List<LossCurve> curves = report.curves();
    positions = Axis.ofPositions(lastBand(curves.getFirst()).to());
    double[] all =
        curves.stream()
            .flatMap(curve -> curve.bands().stream())
            .mapToDouble(LossCurve.Band::loss)
            .sorted()
            .toArray();
    losses = Axis.ofLosses(all[0], all[all.length - 1]);
    right = WIDTH - LEADER - 8 - EndLabel.width(curves.stream().map(LossChart::labelOf).toList());
    double needed = curves.stream().mapToDouble(c -> new EndLabel(0, labelOf(c), 0).height()).sum();
    bottom = TOP + Math.max(LEAST_HEIGHT, needed);
    for (int c = 0; c < curves.size(); c++) {
      LossCurve curve = curves.get(c);
      labels.add(new EndLabel(c, labelOf(curve), y(lastBand(curve).loss())));
    }
    EndLabel.spread(labels, TOP - EndLabel.LINE / 2, bottom + EndLabel.LINE / 2);
  }

  private static LossCurve.Band lastBand(LossCurve curve) {
    return curve.bands().getLast();
  }

  private static String labelOf(LossCurve curve) {
    return curve.method() + " " + LossRow.print(lastBand(curve).loss());
  }

  String svg() {
    double height = bottom + BELOW;
    add(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" width=\"%s\""
                + " height=\"%s\" font-family=\"%s\" font-size=\"13\" role=\"img\">")
            .formatted(WIDTH, px(height), WIDTH, px(height), FONT));
    add("<title>%s</title>".formatted(escape(title() + ": " + subtitle())));
    add("<rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>".formatted(WIDTH, px(height)));
    words(12, 24, "font-size=\"17\" font-weight=\"600\" fill=\"#0f172a\"", title());
    words(12, 44, "fill=\"#475569\"", subtitle());
    lossAxis();
    positionAxis();
    trainedLength();
    for (int c = report.curves().size() - 1; c >= 0; c--) { // the first stays visible where equal
      line(c);
    }
    labels.forEach(this::label);
    out.append("</svg>\n");
    return out.toString();
  }

  private String title() {
    return "Loss by position, nats per token (lower is better)";
  }

  private String subtitle() {
    RunFacts facts = report.facts();
    return facts.model() + ", " + Markup.count(facts.tokens()) + " tokens of " + facts.text();
  }

  private void lossAxis() {
    for (double tick : losses.ticks()) {
      rule(LEFT, y(tick), right, y(tick), "stroke=\"#e2e8f0\"");
      words(LEFT - 8, y(tick) + 4.5, "text-anchor=\"end\" fill=\"#334155\"", losses.text(tick));
    }
  }

  private void positionAxis() {
    rule(LEFT, bottom, right, bottom, "stroke=\"#64748b\"");
    for (double tick : positions.ticks()) {
      rule(x(tick), bottom, x(tick), bottom + 5, "stroke=\"#64748b\"");
      words(
          x(tick),
          bottom + 20,
          "text-anchor=\"middle\" fill=\"#334155\"",
          positions.position(tick));
    }
    words(
        (LEFT + right) / 2,
        bottom + 39,
        "text-anchor=\"middle\" font-size=\"12\" fill=\"#475569\"",
        "position in the text (tokens)");
  }

  private void trainedLength() {
    int trained = report.facts().trainedLength();
    if (trained > positions.to()) {
      return;
    }
    double at = x(trained);
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"#f59e0b\" opacity=\"0.07\"/>"
            .formatted(px(at), TOP, px(right - at), px(bottom - TOP)));
    rule(at, TOP - 20, at, bottom, "stroke=\"#0f172a\" stroke-dasharray=\"4 3\"");
    String text = "trained length " + Markup.count(trained);
    boolean roomRight = right - at > 160; // at most 150 px wide
    words(
        roomRight ? at + 6 : at - 6,
        TOP - 10,
        (roomRight ? "text-anchor=\"start\"" : "text-anchor=\"end\"")
            + " font-size=\"12\" font-weight=\"600\" fill=\"#0f172a\"",
        text);
  }

  private void line(int c) {
    StringBuilder path = new StringBuilder("M");
    for (LossCurve.Band band : report.curves().get(c).bands()) {
      String height = px(y(band.loss()));
      path.append(px(x(band.from()))).append(' ').append(height).append(" H");
      path.append(px(x(band.to()))).append(" L");
    }
    path.setLength(path.length() - " L".length());
    add(
        "<path d=\"%s\" fill=\"none\" %s stroke-width=\"2\" stroke-linejoin=\"round\"/>"
            .formatted(path, stroke(c)));
  }

  private void label(EndLabel label) {
    double start = right + LEADER;
    add(
        "<path d=\"M%s %s L%s %s\" fill=\"none\" stroke=\"%s\" opacity=\"0.6\"/>"
            .formatted(
                px(right + 2),
                px(label.lineEnd()),
                px(start - 4),
                px(label.middle()),
                colour(label.curve())));
    double first = label.middle() - (label.lines().size() - 1) * EndLabel.LINE / 2 + 4.5;
    for (int i = 0; i < label.lines().size(); i++) {
      words(
          start,
          first + i * EndLabel.LINE,
          "font-weight=\"600\" fill=\"" + colour(label.curve()) + "\"",
          label.lines().get(i));
    }
  }

  static String colour(int c) {
    return COLOURS.get(c % COLOURS.size());
  }

  /// Colour and, where colours repeat, dashes of a line.
  static String stroke(int c) {
    String dash = DASHES.get(c / COLOURS.size() % DASHES.size());
    return "stroke=\""
        + colour(c)
        + (dash.isEmpty() ? "\"" : "\" stroke-dasharray=\"" + dash + "\"");
  }

  private double x(double position) {
    return positions.at(position, LEFT, right);
  }

  private double y(double loss) {
    return losses.at(loss, bottom, TOP);
  }

  private void rule(double x1, double y1, double x2, double y2, String style) {
    add(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" %s/>"
            .formatted(px(x1), px(y1), px(x2), px(y2), style));
  }

  private void words(double x, double y, String style, String text) {
    add("<text x=\"%s\" y=\"%s\" %s>%s</text>".formatted(px(x), px(y), style, escape(text)));
  }

  private void add(String element) {
    out.append(element).append('\n');
  }
}
