package dev.farspan.cli;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.evaluation.bench.BenchListener;
import dev.farspan.evaluation.bench.BenchTest;
import dev.farspan.evaluation.bench.Measurement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Shows a benchmark as it goes on: progress on the test being run, a line when it is done.
final class BenchOutput implements BenchListener, AutoCloseable {
  private final Console console;
  private String name = "";
  private @Nullable Phase current;
  private @Nullable Progress bar;

  BenchOutput(Console console) {
    this.console = console;
  }

  void begin(BenchTest test, int index, int tests) {
    close();
    name = "test %d of %d, %s".formatted(index, tests, test.name());
  }

  @Override
  public void onTokens(Phase phase, long done, long total) {
    if (phase != current) {
      close();
      current = phase;
    }
    Progress progress = bar;
    if (progress == null) {
      progress = console.progress(task(phase, total), 0);
      bar = progress;
    }
    progress.update(done);
    if (done == total) {
      close(); // a cache may be filled more than once
    }
  }

  private Task task(Phase phase, long total) {
    return switch (phase) {
      case FILLING ->
          new Task(name + ", filling the cache", Task.Unit.TOKENS, total, Task.Pace.SLOWING);
      case TIMING -> new Task(name, Task.Unit.TOKENS, total, Task.Pace.STEADY);
    };
  }

  void end(Measurement row) {
    close();
    console.note(
        String.format(
            Locale.ROOT,
            "%s, %s: %.2f ± %.2f tokens/s",
            row.test().name(),
            row.method(),
            row.mean(),
            row.deviation()));
  }

  @Override
  public void close() {
    Progress progress = bar;
    if (progress != null) {
      progress.close();
      bar = null;
    }
    current = null;
  }
}
