package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.advice.ReadingListener;
import org.jspecify.annotations.Nullable;

/// Shows readings as they go on.
final class AdviceProgress implements ReadingListener, AutoCloseable {
  private final Console console;
  private @Nullable Progress bar;

  AdviceProgress(Console console) {
    this.console = console;
  }

  @Override
  public void onProgress(MethodSpec method, int length, long done) {
    Progress progress = bar;
    if (progress == null) {
      progress =
          console.progress(new Task(method.text(), Task.Unit.TOKENS, length, Task.Pace.SLOWING), 0);
      bar = progress;
    }
    progress.update(done);
  }

  @Override
  public void onReading(MethodSpec method, int length, boolean stored) {
    close();
    console.note(
        "%s: %s tokens read%s".formatted(method, Amounts.count(length), stored ? " before" : ""));
  }

  @Override
  public void close() {
    Progress progress = bar;
    if (progress != null) {
      progress.close();
      bar = null;
    }
  }
}
