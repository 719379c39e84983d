package dev.farspan.cli;

import dev.farspan.training.parallel.LostProcessException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Another process of a group, whose standard error is kept for what it says last.
///
/// @param rank its number
/// @param process the process
/// @param said its last line, once it has ended
record Worker(int rank, Process process, CompletableFuture<String> said) {
  private static final String SENTENCE = "farspan: ";
  private static final int SIGNAL = 128; // a shell's, and Java's, way to say which signal it was
  private static final int POLL_MILLIS = 20;

  static Worker start(int rank, List<String> words) {
    try {
      Process process =
          new ProcessBuilder(SameProgram.command(_ -> true, List.of(), words))
              .redirectOutput(Redirect.DISCARD)
              .start();
      return new Worker(
          rank,
          process,
          CompletableFuture.supplyAsync(() -> lastLine(process), Thread::startVirtualThread));
    } catch (IOException e) {
      throw new UncheckedIOException("rank " + rank + " cannot be started", e);
    }
  }

  /// A sentence of this program, or else what there is.
  private static String lastLine(Process process) {
    String sentence = "";
    String last = "it said nothing";
    try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = errors.readLine(); line != null; line = errors.readLine()) {
        last = line.isBlank() ? last : line;
        sentence = line.startsWith(SENTENCE) ? line.substring(SENTENCE.length()) : sentence;
      }
    } catch (IOException e) {
      last = "its errors cannot be read (" + e.getMessage() + ")";
    }
    return sentence.isEmpty() ? last : sentence;
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /// Whether it has ended with an error that is its own.
  boolean failed() {
    return !process.isAlive()
        && process.exitValue() != 0
        && (bySignal() || !said.join().contains(LostProcessException.SAYS));
  }

  private boolean bySignal() {
    return process.exitValue() > SIGNAL;
  }

  /// Why it ended.
  String reason() {
    return bySignal() ? "signal %d ended it".formatted(process.exitValue() - SIGNAL) : said.join();
  }

  /// Waits a little.
  static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  void end() {
    process.destroyForcibly();
  }
}
