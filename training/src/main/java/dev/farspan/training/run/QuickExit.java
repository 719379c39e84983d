package dev.farspan.training.run;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// While it is open, a signal that ends the virtual machine ends the process at once.
///
/// Else the C library would take libtorch's global objects apart while the training still computes
/// with them, and one process in several would end with a segmentation fault instead. A run can be
/// killed at any time, so nothing is lost.
public final class QuickExit implements AutoCloseable {
  /// What shells say of a process that SIGTERM ended: 128 and the signal's number.
  public static final int TERMINATED = 143;

  private final MethodHandle exit;
  private final Thread hook;

  private QuickExit() {
    exit = exit();
    hook = new Thread(this::end, "quick exit");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Opens it.
  ///
  /// @return to be closed when nothing native computes any more
  public static QuickExit open() {
    return new QuickExit();
  }

  /// `void _exit(int status)` of POSIX, and of Windows' C library: no function registered for the
  /// process's end is called.
  @SuppressWarnings("restricted") // a call of the C library by its documented signature
  private static MethodHandle exit() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("_exit"),
        FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
  }

  private void end() {
    try {
      exit.invokeExact(TERMINATED);
    } catch (Throwable e) {
      throw new IllegalStateException("the process cannot be ended", e);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the virtual machine is ending already, and the hook is about to
    }
  }
}
