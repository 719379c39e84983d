package dev.farspan.planner.memory;

/// What the Java virtual machine takes outside its heap: code, classes, compilers, threads, the
/// collector's own tables, libraries and the shared archive.
///
/// Measured, not derived: the resident set of three runs of two models less weights, cache and
/// touched heap left 88 to 112 MB (JDK 25, Linux, x86-64, 2 threads; docs/planning.md).
public final class JvmShare {
  private static final long FIXED = 95_000_000;

  private JvmShare() {}

  /// Returns the resident share of the virtual machine.
  ///
  /// @return bytes
  public static long bytes() {
    return FIXED;
  }
}
