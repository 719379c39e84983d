package dev.farspan.planner.memory;

/// What the Java virtual machine takes beside the work: code, classes, compilers, threads, the
/// collector's own tables, and the part of the young generation that garbage has touched.
///
/// Not a formula but a measurement (docs/planning.md, "The virtual machine"): the resident set of
/// runs of two models at several lengths, less what they were planned to hold.
public final class JvmShare {
  /// Code, classes, compilers, native libraries and the shared archive.
  static final long FIXED = 210_000_000;

  private JvmShare() {}

  /// Returns the resident share of the virtual machine.
  ///
  /// @return bytes
  public static long bytes() {
    return FIXED;
  }
}
