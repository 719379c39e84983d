package dev.farspan.kernels;

import jdk.incubator.vector.FloatVector;

/// Which kernels suit this machine.
final class KernelChoice {
  static final String PROPERTY = "farspan.kernels";

  private KernelChoice() {}

  static Kernels named(String name) {
    return switch (name) {
      case "scalar" -> new ScalarKernels("scalar: plain loops, as " + PROPERTY + " asks");
      case "panama" -> new PanamaKernels();
      case "best" -> best(FloatVector.SPECIES_PREFERRED.vectorBitSize());
      default ->
          throw new IllegalArgumentException(
              PROPERTY + "=" + name + " is not known; use scalar or panama, or leave it out");
    };
  }

  private static Kernels best(int bits) {
    if (hasVectors(bits)) {
      return new PanamaKernels();
    }
    return new ScalarKernels("scalar: plain loops, as vectors here have only " + bits + " bits");
  }

  static boolean hasVectors() {
    return hasVectors(FloatVector.SPECIES_PREFERRED.vectorBitSize());
  }

  /// x86 multiplies and adds in one step from AVX2 on, which has 256 bits; before, the Vector API
  /// would emulate it element by element. Every other machine that has 128 bits has it too.
  private static boolean hasVectors(int bits) {
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    return bits >= 256 || (arm && bits >= 128);
  }
}
