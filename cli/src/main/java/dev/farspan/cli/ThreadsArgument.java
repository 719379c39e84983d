package dev.farspan.cli;

import picocli.CommandLine.Option;

/// How many threads compute.
final class ThreadsArgument {
  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute; default: one for each processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /// The count.
  ///
  /// @throws IllegalArgumentException if it is below 1
  int count() {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads must be at least 1, got " + threads);
    }
    return threads;
  }
}
