package dev.farspan.kernels;

class PanamaMatMulTest extends MatMulContract {
  @Override
  Kernels kernels() {
    return KernelChoice.named("panama");
  }
}
