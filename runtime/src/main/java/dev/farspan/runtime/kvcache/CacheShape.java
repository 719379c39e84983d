package dev.farspan.runtime.kvcache;

import dev.farspan.kernels.Kernels;
import dev.farspan.tensor.DType;

/// What one position of one layer takes.
///
/// @param kvHeads key/value heads
/// @param headDim elements of a head
/// @param dtype type they are stored in, `F32` or `F16`
public record CacheShape(int kvHeads, int headDim, DType dtype) {
  /// Checks the type.
  ///
  /// @throws IllegalArgumentException if it is neither `F32` nor `F16`
  public CacheShape {
    if (dtype != DType.F32 && dtype != DType.F16) {
      throw new IllegalArgumentException("the KV cache stores F32 or F16, not " + dtype);
    }
  }

  /// Returns the bytes of one head's keys (or values) in a page.
  ///
  /// @return bytes of (TILE, headDim) elements
  public long headBytes() {
    return rowBytes() * Kernels.TILE;
  }

  /// Returns the bytes of one key (or value) of one head.
  ///
  /// @return bytes of headDim elements
  public long rowBytes() {
    return dtype.bytes(headDim);
  }

  /// Returns the bytes of a page.
  ///
  /// @return keys and values of all heads at TILE positions
  public long pageBytes() {
    return 2L * kvHeads * headBytes();
  }
}
