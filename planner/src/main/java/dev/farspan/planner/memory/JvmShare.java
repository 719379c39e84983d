package dev.farspan.planner.memory;

/// What the Java virtual machine takes beside the work: code, classes, compilers, threads, the
/// collector's own tables, and the part of the young generation that garbage has touched.
///
/// An estimate that no measurement stands behind yet. With the launcher's default heap the young
/// generation alone grows to more than a gigabyte, so this holds at best under a small `-Xmx`.
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
