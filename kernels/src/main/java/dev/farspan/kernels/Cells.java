package dev.farspan.kernels;

import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One element of the KV cache: little-endian, at any alignment.
final class Cells {
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long OFFSETS = (1L << 48) - 1;

  private Cells() {}

  /// Returns the same offset, no longer recognised by C2 as one that grows evenly in a loop. For
  /// those it splits the loop to check bounds ahead, which costs a short loop more than the checks
  /// do (docs/LOG.md). No memory is longer than 2^48.
  static long offset(long offset) {
    return offset & OFFSETS;
  }

  static float load(DType dtype, MemorySegment page, long byteOffset, long index) {
    if (dtype == DType.F16) {
      return Float.float16ToFloat(page.get(SHORT, byteOffset + 2 * index));
    }
    if (dtype == DType.F32) {
      return page.get(FLOAT, byteOffset + 4 * index);
    }
    throw notACacheType(dtype);
  }

  static void store(float[] x, int at, int n, DType dtype, MemorySegment page, long byteOffset) {
    if (dtype == DType.F32) {
      MemorySegment.copy(x, at, page, FLOAT, byteOffset, n);
    } else if (dtype == DType.F16) {
      for (int i = 0; i < n; i++) {
        page.set(SHORT, byteOffset + 2L * i, Float.floatToFloat16(x[at + i]));
      }
    } else {
      throw notACacheType(dtype);
    }
  }

  static IllegalArgumentException notACacheType(DType dtype) {
    return new IllegalArgumentException("the KV cache holds F32 or F16, not " + dtype);
  }
}
