package dev.farspan.kernels;

class ScalarElementwiseTest extends ElementwiseContract {
  @Override
  Kernels kernels() {
    return KernelChoice.named("scalar");
  }
}
