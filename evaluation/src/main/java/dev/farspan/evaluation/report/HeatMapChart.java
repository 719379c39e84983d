package dev.farspan.evaluation.report;

import static dev.farspan.evaluation.report.Markup.escape;
import static dev.farspan.evaluation.report.Markup.px;

import java.util.Locale;

/// Draws a heat map. Its colours and axes are those of Kamradt's "Needle in a haystack" pictures,
/// which readers know: `#F0496E` for 0, `#EBB839` for a half, `#0CD79F` for 1.
final class HeatMapChart {
  private static final int[] LOW = {0xF0, 0x49, 0x6E};
  private static final int[] MIDDLE = {0xEB, 0xB8, 0x39};
  private static final int[] HIGH = {0x0C, 0xD7, 0x9F};
  private static final int LEFT = 58;
  private static final int TOP = 44;
  private static final int CELL_WIDTH = 52;
  private static final int CELL_HEIGHT = 24;
  private static final int BELOW = 46;
  private static final int RIGHT = 16;

  /// A 14 px semibold letter of the widest sans-serif font that was seen.
  private static final double LETTER =
      9.5; // of bold letters of 14 px, the widest font that was seen

  private HeatMapChart() {}

  static String svg(HeatMap map) {
    int columns = map.lengths().size();
    int rows = map.depths().size();
    int titled = (int) Math.ceil(8 + LETTER * title(map).length());
    int width = Math.max(Math.max(LEFT + columns * CELL_WIDTH + RIGHT, titled), 300);
    int height = TOP + rows * CELL_HEIGHT + BELOW;
    StringBuilder out = new StringBuilder();
    out.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"system-ui,Helvetica,Arial,sans-serif\""
                + " font-size=\"12\" role=\"img\">\n<title>%s</title>\n"
                + "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n")
            .formatted(width, height, width, height, escape(map.title()), width, height));
    words(out, 8, 20, "font-size=\"14\" font-weight=\"600\" fill=\"#0f172a\"", title(map));
    for (int r = 0; r < rows; r++) {
      double middle = TOP + (r + 0.5) * CELL_HEIGHT + 4;
      String depth = String.format(Locale.ROOT, "%.0f %%", map.depths().get(r));
      words(out, LEFT - 6, middle, "text-anchor=\"end\" fill=\"#334155\"", depth);
      for (int c = 0; c < columns; c++) {
        cell(out, LEFT + c * CELL_WIDTH, TOP + r * CELL_HEIGHT, map.scores().get(r).get(c));
      }
    }
    double below = TOP + rows * CELL_HEIGHT + 16;
    for (int c = 0; c < columns; c++) {
      words(
          out,
          LEFT + (c + 0.5) * CELL_WIDTH,
          below,
          "text-anchor=\"middle\" fill=\"#334155\"",
          length(map.lengths().get(c)));
    }
    words(out, LEFT, below + 20, "fill=\"#475569\"", "length across (tokens), depth down");
    return out.append("</svg>\n").toString();
  }

  private static String title(HeatMap map) {
    return Double.isNaN(map.mean())
        ? map.title()
        : String.format(Locale.ROOT, "%s: %.0f %%", map.title(), 100 * map.mean());
  }

  private static void cell(StringBuilder out, int x, int y, double score) {
    out.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"#ffffff\"/>\n"
            .formatted(x, y, CELL_WIDTH, CELL_HEIGHT, colour(score)));
    if (!Double.isNaN(score)) {
      words(
          out,
          x + CELL_WIDTH / 2.0,
          y + CELL_HEIGHT / 2.0 + 4,
          "text-anchor=\"middle\" fill=\"#0f172a\"",
          String.format(Locale.ROOT, "%.0f", 100 * score));
    }
  }

  /// Between the colours of 0, a half and 1; grey where nothing was measured.
  static String colour(double score) {
    if (Double.isNaN(score)) {
      return "#e2e8f0";
    }
    int[] from = score < 0.5 ? LOW : MIDDLE;
    int[] to = score < 0.5 ? MIDDLE : HIGH;
    double share = score < 0.5 ? 2 * score : 2 * score - 1;
    StringBuilder hex = new StringBuilder("#");
    for (int i = 0; i < from.length; i++) {
      hex.append(
          String.format(Locale.ROOT, "%02x", Math.round(from[i] + share * (to[i] - from[i]))));
    }
    return hex.toString();
  }

  static String length(int tokens) {
    return tokens >= 1024 && tokens % 1024 == 0 ? tokens / 1024 + "k" : Markup.count(tokens);
  }

  private static void words(StringBuilder out, double x, double y, String style, String text) {
    out.append(
        "<text x=\"%s\" y=\"%s\" %s>%s</text>\n".formatted(px(x), px(y), style, escape(text)));
  }
}
