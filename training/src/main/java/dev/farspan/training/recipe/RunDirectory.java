package dev.farspan.training.recipe;

import dev.farspan.training.parallel.Alone;
import dev.farspan.training.parallel.Group;
import java.nio.file.Path;

/// Where a run leaves its files, and the processes that share it: the first one writes, all read.
///
/// @param path a directory that all processes see
/// @param group the processes
public record RunDirectory(Path path, Group group) {
  /// A run of one process.
  ///
  /// @param path the directory
  public RunDirectory(Path path) {
    this(path, new Alone());
  }

  /// Has the first process write files, which all may read afterwards.
  void prepare(Runnable writes) {
    if (group.leads()) {
      writes.run();
    }
    group.await();
  }

  Path resolve(String name) {
    return path.resolve(name);
  }
}
