package dev.farspan.training.recipe;

import java.util.Locale;

/// The losses of a run as a table and as a picture.
final class LossCurve {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 400;
  private static final int MARGIN = 60;
  private static final int TICKS = 5;

  private LossCurve() {}

  static String csv(float[] losses) {
    StringBuilder out = new StringBuilder("step,loss\n");
    for (int step = 0; step < losses.length; step++) {
      out.append(String.format(Locale.ROOT, "%d,%.6f\n", step + 1, losses[step]));
    }
    return out.toString();
  }

  /// The loss of every step in grey, its running mean over a fiftieth of the run in blue.
  static String svg(float[] losses) {
    double top = 0;
    for (float loss : losses) {
      top = Math.max(top, loss);
    }
    StringBuilder out = new StringBuilder();
    out.append("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ");
    out.append(WIDTH).append(' ').append(HEIGHT);
    out.append("' font-family='sans-serif' font-size='13'>\n");
    out.append("<rect width='100%' height='100%' fill='white'/>\n");
    for (int t = 0; t <= TICKS; t++) {
      double loss = top * t / TICKS;
      int step = Math.round((float) losses.length * t / TICKS);
      String y = tenths(y(loss, top));
      out.append("<line stroke='#ddd' x1='" + MARGIN + "' x2='" + (WIDTH - 20));
      out.append("' y1='" + y + "' y2='" + y + "'/>\n");
      out.append(label(MARGIN - 30, y(loss, top) + 4, tenths(loss)));
      out.append(label(x(step, losses.length), HEIGHT - MARGIN + 20, String.valueOf(step)));
    }
    out.append(label(WIDTH / 2.0, HEIGHT - 15, "step"));
    out.append(label(MARGIN + 110, 24, "loss, nats per token as weighted"));
    out.append(line(losses, 1, top, "stroke='#bbb'"));
    out.append(
        line(losses, Math.max(1, losses.length / 50), top, "stroke='#1f5fbf' stroke-width='2'"));
    return out.append("</svg>\n").toString();
  }

  private static String label(double x, double y, String text) {
    return "<text text-anchor='middle' x='"
        + tenths(x)
        + "' y='"
        + tenths(y)
        + "'>"
        + text
        + "</text>\n";
  }

  private static String line(float[] losses, int span, double top, String stroke) {
    StringBuilder points = new StringBuilder();
    double sum = 0;
    for (int i = 0; i < losses.length; i++) {
      sum += losses[i] - (i >= span ? losses[i - span] : 0);
      double mean = sum / Math.min(span, i + 1);
      points.append(tenths(x(i + 1, losses.length))).append(',').append(tenths(y(mean, top)));
      points.append(' ');
    }
    return "<polyline fill='none' " + stroke + " points='" + points.toString().strip() + "'/>\n";
  }

  private static double x(int step, int steps) {
    return MARGIN + (double) (WIDTH - MARGIN - 20) * step / steps;
  }

  private static double y(double loss, double top) {
    return HEIGHT - MARGIN - (HEIGHT - MARGIN - 40) * loss / top;
  }

  private static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
