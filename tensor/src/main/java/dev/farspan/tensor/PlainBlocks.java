package dev.farspan.tensor;

import java.lang.foreign.MemorySegment;

/// Types that store each element by itself.
final class PlainBlocks {
  private PlainBlocks() {}

  static void decode(DType dtype, MemorySegment src, long from, float[] dst, int at, int count) {
    for (int i = 0; i < count; i++) {
      dst[at + i] = decode(dtype, src, from + (long) i * dtype.blockBytes());
    }
  }

  private static float decode(DType dtype, MemorySegment src, long from) {
    return switch (dtype) {
      case F32 -> src.get(Layouts.FLOAT, from);
      case F16 -> Layouts.half(src, from);
      case BF16 -> Float.intBitsToFloat(src.get(Layouts.SHORT, from) << 16);
      case F64 -> (float) src.get(Layouts.DOUBLE, from);
      case I8 -> src.get(Layouts.BYTE, from);
      case I16 -> src.get(Layouts.SHORT, from);
      case I32 -> src.get(Layouts.INT, from);
      case I64 -> src.get(Layouts.LONG, from);
      case U8 -> Layouts.unsigned(src, from);
      case BOOL -> src.get(Layouts.BYTE, from) == 0 ? 0 : 1;
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          throw new IllegalArgumentException(dtype + " is not plain");
    };
  }

  static void encode(DType dtype, float[] src, int at, int count, MemorySegment dst, long to) {
    for (int i = 0; i < count; i++) {
      float value = src[at + i];
      short bits = dtype == DType.F16 ? Float.floatToFloat16(value) : toBf16(value);
      dst.set(Layouts.SHORT, to + 2L * i, bits);
    }
  }

  /// The upper half of the bits, rounded to nearest even. A NaN stays a (quiet) NaN: rounding could
  /// carry its payload away.
  private static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
