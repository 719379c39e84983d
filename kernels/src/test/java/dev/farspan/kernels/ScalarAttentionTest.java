package dev.farspan.kernels;

class ScalarAttentionTest extends AttentionContract {
  @Override
  Kernels kernels() {
    return KernelChoice.named("scalar");
  }
}
