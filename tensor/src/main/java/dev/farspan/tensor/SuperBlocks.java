package dev.farspan.tensor;

import static dev.farspan.tensor.Layouts.half;
import static dev.farspan.tensor.Layouts.unsigned;

import java.lang.foreign.MemorySegment;

/// The "K" layouts: 256 elements in groups of 16 or 32, each group with a small integer scale (some
/// also a minimum) that an F16 `d` (and `dmin`) of the whole block multiplies.
///
/// Source: ggml `ggml-common.h` (`block_q2_K` to `block_q6_K`), `ggml-quants.c`
/// (`dequantize_row_*`).
final class SuperBlocks {
  private SuperBlocks() {}

  /// `scales[16], q[64], d, dmin`: group `g` of 16 has scale in the low and minimum in the high
  /// nibble of `scales[g]`; value = d scale q - dmin min.
  ///
  /// Each half of 128 elements takes 32 bytes of `q`; bits `2p, 2p+1` hold its elements
  /// `32p..32p+31`.
  static void decodeQ2K(MemorySegment src, long from, float[] dst, int at) {
    float d = half(src, from + 80);
    float dmin = half(src, from + 82);
    for (int i = 0; i < 256; i++) {
      int scales = unsigned(src, from + i / 16);
      int q = (unsigned(src, from + 16, i / 128 * 32 + i % 32) >> (2 * (i / 32 % 4))) & 3;
      dst[at + i] = d * (scales & 0xf) * q - dmin * (scales >> 4);
    }
  }

  /// `high[32], q[64], scales[12], d`: two low bits as in Q2_K, the third in bit `i / 32` of
  /// `high[i % 32]`; value = d (scale - 32) (q - 4), groups of 16.
  static void decodeQ3K(MemorySegment src, long from, float[] dst, int at) {
    float d = half(src, from + 108);
    for (int i = 0; i < 256; i++) {
      int low = (unsigned(src, from + 32, i / 128 * 32 + i % 32) >> (2 * (i / 32 % 4))) & 3;
      int high = (unsigned(src, from + i % 32) >> (i / 32)) & 1;
      int scale = scaleQ3K(src, from + 96, i / 16) - 32;
      dst[at + i] = d * scale * ((low | (high << 2)) - 4);
    }
  }

  /// Sixteen 6-bit scales in 12 bytes: low four bits in the nibbles of bytes 0-7 (low nibbles
  /// first), high two bits in bytes 8-11.
  private static int scaleQ3K(MemorySegment src, long scales, int group) {
    int low = (unsigned(src, scales + group % 8) >> (4 * (group / 8))) & 0xf;
    int high = (unsigned(src, scales + 8 + group % 4) >> (2 * (group / 4))) & 3;
    return low | (high << 4);
  }

  /// `d, dmin, scales[12], q[128]`: value = d scale q - dmin min, groups of 32.
  ///
  /// Each 64 elements take 32 bytes of `q`: the first 32 in low nibbles, the others in high ones.
  static void decodeQ4K(MemorySegment src, long from, float[] dst, int at) {
    for (int group = 0; group < 8; group++) {
      float scale = half(src, from) * scaleQ45K(src, from + 4, group);
      float min = half(src, from + 2) * minQ45K(src, from + 4, group);
      for (int j = 0; j < 32; j++) {
        int q = (unsigned(src, from + 16, group / 2 * 32 + j) >> (4 * (group % 2))) & 0xf;
        dst[at + group * 32 + j] = scale * q - min;
      }
    }
  }

  /// `d, dmin, scales[12], high[32], q[128]`: as Q4_K, with the fifth bit of element `j` of group
  /// `g` in bit `g` of `high[j]`.
  static void decodeQ5K(MemorySegment src, long from, float[] dst, int at) {
    for (int group = 0; group < 8; group++) {
      float scale = half(src, from) * scaleQ45K(src, from + 4, group);
      float min = half(src, from + 2) * minQ45K(src, from + 4, group);
      for (int j = 0; j < 32; j++) {
        int low = (unsigned(src, from + 48, group / 2 * 32 + j) >> (4 * (group % 2))) & 0xf;
        int high = (unsigned(src, from + 16 + j) >> group) & 1;
        dst[at + group * 32 + j] = scale * (low | (high << 4)) - min;
      }
    }
  }

  /// Eight 6-bit scales and minima in 12 bytes: scales 0-3 in the low six bits of bytes 0-3, minima
  /// 0-3 in those of bytes 4-7; of scales (minima) 4-7 the low four bits in the low (high) nibbles
  /// of bytes 8-11, the high two bits in the top of bytes 0-3 (4-7).
  private static int scaleQ45K(MemorySegment src, long scales, int group) {
    if (group < 4) {
      return unsigned(src, scales + group) & 63;
    }
    int low = unsigned(src, scales + 4 + group) & 0xf;
    return low | ((unsigned(src, scales + group - 4) >> 6) << 4);
  }

  private static int minQ45K(MemorySegment src, long scales, int group) {
    if (group < 4) {
      return unsigned(src, scales + 4 + group) & 63;
    }
    int low = unsigned(src, scales + 4 + group) >> 4;
    return low | ((unsigned(src, scales + group) >> 6) << 4);
  }

  /// `low[128], high[64], scales[16], d`: value = d scale (q - 32), groups of 16, scales signed
  /// bytes.
  ///
  /// Each half of 128 elements has four runs of 32: runs 0 and 1 in the low nibbles of its 64 bytes
  /// of `low`, runs 2 and 3 in the high ones; run `r` has its top two bits at bit `2r` of its 32
  /// bytes of `high`.
  static void decodeQ6K(MemorySegment src, long from, float[] dst, int at) {
    float d = half(src, from + 208);
    for (int i = 0; i < 256; i++) {
      int half = i / 128;
      int run = i / 32 % 4;
      int low = (unsigned(src, from, half * 64 + run % 2 * 32 + i % 32) >> (4 * (run / 2))) & 0xf;
      int high = (unsigned(src, from + 128, half * 32 + i % 32) >> (2 * run)) & 3;
      float scale = d * src.get(Layouts.BYTE, from + 192 + i / 16);
      dst[at + i] = scale * ((low | (high << 4)) - 32);
    }
  }
}
