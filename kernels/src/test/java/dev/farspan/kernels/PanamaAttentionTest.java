package dev.farspan.kernels;

class PanamaAttentionTest extends AttentionContract {
  @Override
  Kernels kernels() {
    return KernelChoice.named("panama");
  }
}
