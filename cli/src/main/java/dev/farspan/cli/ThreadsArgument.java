package dev.farspan.cli;

import picocli.CommandLine.Option;

/// How many threads compute.
final class ThreadsArgument {
  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      converter = PositiveCount.Threads.class,
      description = "Threads that compute; default: one for each processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /// The count, at least 1.
  int count() {
    return threads;
  }
}
