package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.cli.progress.Task;
import dev.farspan.evaluation.ComparisonListener;
import dev.farspan.evaluation.LossCurve;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Shows a comparison as it goes on: progress on the method being read, a line when it is done.
final class ComparisonOutput implements ComparisonListener, AutoCloseable {
  private final Console console;
  private final int methods;
  private dev.farspan.cli.progress.@Nullable Progress reading;
  private Duration left = Duration.ZERO;

  ComparisonOutput(Console console, int methods) {
    this.console = console;
    this.methods = methods;
  }

  @Override
  public void onProgress(Progress progress) {
    var bar = reading;
    if (bar == null) {
      String name = "method %d of %d".formatted(progress.index() + 1, methods);
      bar =
          console.progress(
              new Task(name, Task.Unit.TOKENS, progress.tokens(), Task.Pace.SLOWING), 0);
      reading = bar;
    }
    bar.update(progress.position());
    left = progress.left();
  }

  @Override
  public void onCurve(int index, LossCurve curve, boolean stored) {
    close();
    console.note(
        String.format(
            Locale.ROOT,
            "%s: mean loss %.4f%s",
            curve.method(),
            curve.mean(),
            stored ? ", measured before" : leftForOthers()));
  }

  private String leftForOthers() {
    return left.isZero() ? "" : ", about " + Amounts.time(left) + " left for the other methods";
  }

  @Override
  public void close() {
    var bar = reading;
    if (bar != null) {
      bar.close();
      reading = null;
    }
  }
}
