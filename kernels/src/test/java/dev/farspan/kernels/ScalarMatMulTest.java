package dev.farspan.kernels;

class ScalarMatMulTest extends MatMulContract {
  @Override
  Kernels kernels() {
    return KernelChoice.named("scalar");
  }
}
