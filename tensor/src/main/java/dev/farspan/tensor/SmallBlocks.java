package dev.farspan.tensor;

import static dev.farspan.tensor.Layouts.half;
import static dev.farspan.tensor.Layouts.unsigned;

import java.lang.foreign.MemorySegment;

/// The layouts of 32 elements that share one F16 scale `d`, some also an F16 minimum `m`.
///
/// Byte `j` of the 16 nibble bytes holds element `j` in its low half and element `j + 16` in its
/// high half. Source: ggml `ggml-common.h` (`block_q4_0` to `block_q8_0`).
final class SmallBlocks {
  static final int SIZE = 32;
  static final int HALF = 16;

  private SmallBlocks() {}

  /// `d, nibbles[16]`: value = d (q - 8).
  static void decodeQ40(MemorySegment src, long from, float[] dst, int at) {
    float d = half(src, from);
    for (int j = 0; j < HALF; j++) {
      int pair = unsigned(src, from + 2 + j);
      dst[at + j] = d * ((pair & 0xf) - 8);
      dst[at + j + HALF] = d * ((pair >> 4) - 8);
    }
  }

  /// `d, m, nibbles[16]`: value = d q + m.
  static void decodeQ41(MemorySegment src, long from, float[] dst, int at) {
    float d = half(src, from);
    float m = half(src, from + 2);
    for (int j = 0; j < HALF; j++) {
      int pair = unsigned(src, from + 4 + j);
      dst[at + j] = d * (pair & 0xf) + m;
      dst[at + j + HALF] = d * (pair >> 4) + m;
    }
  }

  /// `d, fifth[4], nibbles[16]`: bit `i` of `fifth` is bit 4 of element `i`; value = d (q - 16).
  static void decodeQ50(MemorySegment src, long from, float[] dst, int at) {
    float d = half(src, from);
    int fifth = src.get(Layouts.INT, from + 2);
    for (int j = 0; j < HALF; j++) {
      int pair = unsigned(src, from + 6 + j);
      dst[at + j] = d * (((pair & 0xf) | bitFour(fifth, j)) - 16);
      dst[at + j + HALF] = d * (((pair >> 4) | bitFour(fifth, j + HALF)) - 16);
    }
  }

  /// `d, m, fifth[4], nibbles[16]`: value = d q + m.
  static void decodeQ51(MemorySegment src, long from, float[] dst, int at) {
    float d = half(src, from);
    float m = half(src, from + 2);
    int fifth = src.get(Layouts.INT, from + 4);
    for (int j = 0; j < HALF; j++) {
      int pair = unsigned(src, from + 8 + j);
      dst[at + j] = d * ((pair & 0xf) | bitFour(fifth, j)) + m;
      dst[at + j + HALF] = d * ((pair >> 4) | bitFour(fifth, j + HALF)) + m;
    }
  }

  /// `d, q[32]`, q signed: value = d q.
  static void decodeQ80(MemorySegment src, long from, float[] dst, int at) {
    float d = half(src, from);
    for (int j = 0; j < SIZE; j++) {
      dst[at + j] = d * src.get(Layouts.BYTE, from + 2 + j);
    }
  }

  private static int bitFour(int fifth, int element) {
    return ((fifth >>> element) & 1) << 4;
  }
}
