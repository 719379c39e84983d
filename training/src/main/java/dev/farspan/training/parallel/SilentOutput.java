package dev.farspan.training.parallel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

/// Keeps native code from the standard output, which is for results: Gloo prints there whom it is
/// connected to, and has no setting against it.
final class SilentOutput {
  private static final int OUTPUT = 1;
  private static final int WRITE_ONLY = 1; // O_WRONLY, the same on Linux, macOS and the BSDs

  private final Linker linker = Linker.nativeLinker();
  private final MethodHandle dup = function("dup", ValueLayout.JAVA_INT);
  private final MethodHandle dup2 = function("dup2", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private final MethodHandle open = function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private final MethodHandle close = function("close", ValueLayout.JAVA_INT);

  private SilentOutput() {}

  @SuppressWarnings("restricted") // calls of the C library by its documented signatures
  private MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments) {
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  /// Returns what some work returns, while the process's standard output leads nowhere.
  static <T> T during(Supplier<T> work) {
    SilentOutput output = new SilentOutput();
    int kept = output.redirect();
    try {
      return work.get();
    } finally {
      output.restore(kept);
    }
  }

  private int redirect() {
    try (Arena arena = Arena.ofConfined()) {
      int kept = (int) dup.invokeExact(OUTPUT);
      MemorySegment path = arena.allocateFrom("/dev/null");
      replace((int) open.invokeExact(path, WRITE_ONLY));
      return kept;
    } catch (Throwable e) {
      throw new IllegalStateException("standard output cannot be redirected", e);
    }
  }

  private void restore(int kept) {
    try {
      replace(kept);
    } catch (Throwable e) {
      throw new IllegalStateException("standard output cannot be restored", e);
    }
  }

  private void replace(int file) throws Throwable {
    if (file < 0 || (int) dup2.invokeExact(file, OUTPUT) < 0 || (int) close.invokeExact(file) < 0) {
      throw new IllegalStateException("a file descriptor cannot be copied");
    }
  }
}
