package dev.farspan.cli.progress;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Tells how far one task is, at which rate, and when it will end.
///
/// On a terminal one line is drawn again and again and vanishes at the end; elsewhere a line
/// appears now and then.
public final class Progress implements AutoCloseable {
  private static final int BAR = 20;
  private static final long REDRAW = 100_000_000L; // ns
  private static final long LINE = 10_000_000_000L; // ns
  private static final String ERASE_TO_END = "\033[K";

  private final PrintWriter out;
  private final Style style;
  private final Task task;
  private final LongSupplier clock;
  private final Forecast forecast;
  private final long began;
  private long printed;
  private boolean drawn;

  /// Where progress goes.
  public enum Style {
    /// A line that is drawn over itself.
    TERMINAL,
    /// A line of its own every ten seconds.
    LINES,
    /// Nowhere.
    NONE
  }

  /// Starts to report on a task.
  ///
  /// @param out where to
  /// @param style how
  /// @param task what is being done
  /// @param start units that were done before and take no time now
  /// @param clock nanoseconds, as [System#nanoTime]
  public Progress(PrintWriter out, Style style, Task task, long start, LongSupplier clock) {
    this.out = out;
    this.style = style;
    this.task = task;
    this.clock = clock;
    this.forecast = new Forecast(task, start);
    this.began = clock.getAsLong();
    // A bar is there at once; the first line elsewhere only when work takes long.
    this.printed = style == Style.TERMINAL ? began - REDRAW : began;
  }

  /// Takes in how much is done now.
  ///
  /// @param done units, those done before included
  public void update(long done) {
    long now = clock.getAsLong();
    forecast.add(done, (now - began) / 1e9);
    switch (style) {
      case TERMINAL -> {
        if (now - printed >= REDRAW || done >= task.total()) {
          printed = now;
          drawn = true;
          out.print("\r" + bar(done) + ERASE_TO_END);
          out.flush();
        }
      }
      case LINES -> {
        if (now - printed >= LINE) {
          printed = now;
          out.println("farspan: " + line(done));
          out.flush();
        }
      }
      case NONE -> {}
    }
  }

  /// Removes the bar, so that what follows starts on a clean line.
  @Override
  public void close() {
    if (drawn) {
      drawn = false;
      out.print("\r" + ERASE_TO_END);
      out.flush();
    }
  }

  private String bar(long done) {
    int filled = (int) (BAR * done / task.total());
    return "%s [%s%s] %s"
        .formatted(task.name(), "#".repeat(filled), ".".repeat(BAR - filled), figures(done, "  "));
  }

  private String line(long done) {
    return task.name() + ": " + figures(done, ", ");
  }

  private String figures(long done, String between) {
    String share = String.format(Locale.ROOT, "%3d%%", 100 * done / task.total()).strip();
    String amount =
        switch (task.unit()) {
          case TOKENS -> Amounts.count(done) + " of " + Amounts.count(task.total()) + " tokens";
          case BYTES -> Amounts.bytes(done) + " of " + Amounts.bytes(task.total());
        };
    String known = share + between + amount;
    double left = forecast.remaining();
    return Double.isNaN(left)
        ? known
        : known
            + between
            + Amounts.rate(forecast.rate(), task.unit())
            + between
            + Amounts.prediction(left)
            + " left";
  }
}
