package dev.farspan.kernels;

import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;

/// Where the un-rotated keys of one kv head and one tile lie, and how they are to be rotated.
///
/// @param page memory that holds `count` rows of `headDim` elements
/// @param byteOffset where in `page` the first row starts
/// @param dtype `F32` or `F16`
/// @param count how many keys there are, 0 to [Kernels#TILE]
/// @param headDim elements of a key
/// @param rotaryDim how many leading elements are rotated: even, at most `headDim`, 0 for none
public record KeyTile(
    MemorySegment page, long byteOffset, DType dtype, int count, int headDim, int rotaryDim) {
  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException if the dtype is not a cache type or a size is out of range
  public KeyTile {
    if (dtype != DType.F32 && dtype != DType.F16) {
      throw new IllegalArgumentException("keys are stored as F32 or F16, not " + dtype);
    }
    if (count < 0 || count > Kernels.TILE) {
      throw new IllegalArgumentException(
          "a tile holds 0 to " + Kernels.TILE + " keys, not " + count);
    }
    if (rotaryDim < 0 || rotaryDim % 2 != 0 || rotaryDim > headDim) {
      throw new IllegalArgumentException(
          "rotaryDim=" + rotaryDim + " must be even and at most headDim=" + headDim);
    }
  }
}
