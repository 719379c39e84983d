package dev.farspan.kernels;

/// The scales inside a super-block, multiplied out to floats. Layouts: ggml's
/// `ggml/src/ggml-common.h`, as spelled out in [dev.farspan.tensor.Blocks].
final class SubScales {
  private SubScales() {}

  /// Writes the scale and minimum of the 8 groups of a Q4_K block: group `g` at `at + g * stride`
  /// of `scales` and, from `minimaAt` instead, of `minima`. An element is `scale * nibble +
  /// minimum`.
  static void q4k(
      byte[] data, int block, float[] scales, int at, float[] minima, int minimaAt, int stride) {
    float d = HeapBytes.halfAt(data, block);
    float dmin = HeapBytes.halfAt(data, block + 2);
    int c = HeapBytes.intAt(data, block + 12);
    long allScales = scales(HeapBytes.intAt(data, block + 4), c);
    long allMinima = minima(HeapBytes.intAt(data, block + 8), c);
    for (int g = 0; g < 8; g++) {
      scales[at + g * stride] = d * ((allScales >>> (8 * g)) & 63);
      minima[minimaAt + g * stride] = -dmin * ((allMinima >>> (8 * g)) & 63);
    }
  }

  /// Returns the 6-bit scales of a Q4_K block, one a byte. Groups 0-3: the low 6 bits of each byte
  /// of `a`; groups 4-7: the low nibbles of `c` under the top two bits of `a`.
  static long scales(int a, int c) {
    int far = (c & 0x0f0f_0f0f) | ((a >>> 2) & 0x3030_3030);
    return (a & 0x3f3f_3f3f) | ((long) far << 32);
  }

  /// Returns the 6-bit minima of a Q4_K block, one a byte: as [#scales], from the next word and the
  /// high nibbles of `c`.
  static long minima(int b, int c) {
    return scales(b, c >>> 4);
  }

  /// Writes the scales of the 16 groups of a Q6_K block: group `g` at `at + g * stride`. An element
  /// is `scale * (six bits - 32)`.
  static void q6k(byte[] data, int block, float[] scales, int at, int stride) {
    float d = HeapBytes.halfAt(data, block + 208);
    for (int g = 0; g < 16; g++) {
      scales[at + g * stride] = d * data[block + 192 + g];
    }
  }
}
