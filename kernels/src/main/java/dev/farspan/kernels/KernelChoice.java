package dev.farspan.kernels;

/// Which kernels suit this machine.
final class KernelChoice {
  static final String PROPERTY = "farspan.kernels";
  static final Kernels BEST = named(System.getProperty(PROPERTY, "best"));

  private KernelChoice() {}

  static Kernels named(String name) {
    return switch (name) {
      case "best", "scalar" -> new ScalarKernels("scalar: plain loops");
      default ->
          throw new IllegalArgumentException(
              PROPERTY + "=" + name + " is not known; use scalar or panama, or leave it out");
    };
  }
}
