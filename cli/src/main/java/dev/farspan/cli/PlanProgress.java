package dev.farspan.cli;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.evaluation.bench.BenchListener;
import org.jspecify.annotations.Nullable;

/// Shows the runs that a plan makes.
final class PlanProgress implements BenchListener, AutoCloseable {
  private final Console console;
  private final String name;
  private @Nullable Progress bar;
  private long total;
  private long last;

  PlanProgress(Console console, String name) {
    this.console = console;
    this.name = name;
  }

  @Override
  public void onTokens(Phase phase, long done, long ofAll) {
    Progress progress = bar;
    if (progress == null || ofAll != total || done < last) {
      close();
      progress = console.progress(new Task(name, Task.Unit.TOKENS, ofAll, Task.Pace.SLOWING), 0);
      bar = progress;
      total = ofAll;
    }
    last = done;
    progress.update(done);
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
