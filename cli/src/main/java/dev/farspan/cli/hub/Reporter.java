package dev.farspan.cli.hub;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;

/// Who is told how a download goes.
public interface Reporter {
  /// Returns a progress report on a task that starts now.
  ///
  /// @param task what is being done
  /// @param start units that were done before
  /// @return the report, to be closed
  Progress progress(Task task, long start);

  /// Takes a remark that is not an error.
  ///
  /// @param sentence the remark
  void note(String sentence);
}
