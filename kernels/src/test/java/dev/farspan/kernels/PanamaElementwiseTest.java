package dev.farspan.kernels;

class PanamaElementwiseTest extends ElementwiseContract {
  @Override
  Kernels kernels() {
    return KernelChoice.named("panama");
  }
}
