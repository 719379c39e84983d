package dev.farspan.tensor;

import static dev.farspan.tensor.SmallBlocks.HALF;
import static dev.farspan.tensor.SmallBlocks.SIZE;

import java.lang.foreign.MemorySegment;

/// Floats to the layouts of [SmallBlocks], rounded as ggml's reference quantisers do
/// (`ggml-quants.c`, `quantize_row_*_ref`): with the scale before it is narrowed to F16.
final class SmallBlockEncoders {
  private static final float LARGEST_HALF = 65504;

  private SmallBlockEncoders() {}

  /// The value of the largest magnitude becomes -8, so that its sign uses the longer side.
  static void encodeQ40(float[] src, int at, MemorySegment dst, long to) {
    float extreme = 0;
    for (int j = 0; j < SIZE; j++) {
      extreme = Math.abs(src[at + j]) > Math.abs(extreme) ? src[at + j] : extreme;
    }
    float d = extreme / -8;
    storeHalf(dst, to, d, src, at);
    float inverse = d == 0 ? 0 : 1 / d;
    for (int j = 0; j < HALF; j++) {
      int low = nibble(src[at + j] * inverse + 8.5f);
      int high = nibble(src[at + j + HALF] * inverse + 8.5f);
      dst.set(Layouts.BYTE, to + 2 + j, (byte) (low | (high << 4)));
    }
  }

  /// The smallest value becomes 0, the largest 15.
  static void encodeQ41(float[] src, int at, MemorySegment dst, long to) {
    float min = src[at];
    float max = src[at];
    for (int j = 1; j < SIZE; j++) {
      min = Math.min(min, src[at + j]);
      max = Math.max(max, src[at + j]);
    }
    float d = (max - min) / 15;
    storeHalf(dst, to, d, src, at);
    storeHalf(dst, to + 2, min, src, at);
    float inverse = d == 0 ? 0 : 1 / d;
    for (int j = 0; j < HALF; j++) {
      int low = nibble((src[at + j] - min) * inverse + 0.5f);
      int high = nibble((src[at + j + HALF] - min) * inverse + 0.5f);
      dst.set(Layouts.BYTE, to + 4 + j, (byte) (low | (high << 4)));
    }
  }

  /// The largest magnitude becomes 127; halves are rounded away from zero.
  static void encodeQ80(float[] src, int at, MemorySegment dst, long to) {
    float largest = 0;
    for (int j = 0; j < SIZE; j++) {
      largest = Math.max(largest, Math.abs(src[at + j]));
    }
    float d = largest / 127;
    storeHalf(dst, to, d, src, at);
    float inverse = d == 0 ? 0 : 1 / d;
    for (int j = 0; j < SIZE; j++) {
      float q = src[at + j] * inverse;
      // floor(|q| + 1/2) is exact in double
      double rounded = Math.copySign(Math.floor(Math.abs((double) q) + 0.5), q);
      dst.set(Layouts.BYTE, to + 2 + j, (byte) rounded);
    }
  }

  private static int nibble(float q) {
    return Math.min(15, (int) q);
  }

  private static void storeHalf(MemorySegment dst, long to, float scale, float[] src, int at) {
    for (int j = 0; j < SIZE; j++) {
      if (!Float.isFinite(src[at + j])) {
        throw new IllegalArgumentException(
            "float %d is %s and cannot be quantised".formatted(at + j, src[at + j]));
      }
    }
    if (!(Math.abs(scale) <= LARGEST_HALF)) {
      throw new IllegalArgumentException(
          "floats %d to %d are too large: their scale %s does not fit F16"
              .formatted(at, at + SIZE - 1, scale));
    }
    dst.set(Layouts.SHORT, to, Float.floatToFloat16(scale));
  }
}
