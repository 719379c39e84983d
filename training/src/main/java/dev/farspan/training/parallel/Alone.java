package dev.farspan.training.parallel;

import org.bytedeco.pytorch.Tensor;

/// A process that trains by itself.
public record Alone() implements Group {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public void sum(Tensor tensor) {}

  @Override
  public void close() {}
}
