package dev.farspan.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Runs the same command again in a virtual machine with a heap of a stated size.
///
/// The heap a virtual machine takes depends on what it may take, so a plan that says `-Xmx192m` can
/// only be compared with a run under `-Xmx192m`.
final class SmallHeap {
  /// Set in the second virtual machine, which must not start a third.
  private static final String MARK = "farspan.plan.heap";

  private static final String INCUBATOR = "WARNING: Using incubator modules";

  private SmallHeap() {}

  /// Whether this process can be started again: a test's virtual machine can't.
  static boolean possible() {
    return SameProgram.isThis() && System.getProperty(MARK) == null;
  }

  /// Runs the command and waits; what it prints goes where this process's prints go.
  static int run(List<String> words, long heap) {
    ProcessBuilder builder =
        new ProcessBuilder(command(words, heap))
            .redirectInput(Redirect.INHERIT)
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.PIPE);
    try {
      Process process = builder.start();
      try (InputStream errors = process.getErrorStream()) {
        copyLessWarning(errors, new FileOutputStream(FileDescriptor.err));
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("--measure was interrupted", e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(List<String> words, long heap) {
    return SameProgram.command(
        option -> !sizesTheHeap(option),
        List.of("-Xmx" + (heap >> 20) + "m", "-D" + MARK + "=true"),
        words);
  }

  private static boolean sizesTheHeap(String option) {
    return option.startsWith("-Xm") || option.contains("RAMPercentage");
  }

  /// The launcher drops this line of the first virtual machine; the second one's comes this way.
  private static void copyLessWarning(InputStream from, OutputStream to) throws IOException {
    byte[] first = new byte[INCUBATOR.length()];
    int read = from.readNBytes(first, 0, first.length);
    if (Arrays.equals(first, INCUBATOR.getBytes(StandardCharsets.US_ASCII))) {
      int next = from.read();
      while (next >= 0 && next != '\n') {
        next = from.read();
      }
    } else {
      to.write(first, 0, read);
    }
    from.transferTo(to);
  }
}
