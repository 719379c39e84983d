package dev.farspan.cli;

import dev.farspan.tensor.DType;

/// How keys and values are kept, as an option names it.
enum CacheType {
  f32(DType.F32),
  f16(DType.F16);

  private final DType dtype;

  CacheType(DType dtype) {
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }
}
