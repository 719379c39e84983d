package dev.farspan.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The scales inside a super-block, multiplied out to floats. Layouts: ggml's
/// `ggml/src/ggml-common.h`, as spelled out in [dev.farspan.tensor.Blocks].
final class SubScales {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private SubScales() {}

  /// Writes the scale and minimum of the 8 groups of a Q4_K block: group `g` at `at + g * stride`
  /// of `scales` and, from `minimaAt` instead, of `minima`. An element is `scale * nibble +
  /// minimum`.
  static void q4k(
      MemorySegment data,
      long block,
      float[] scales,
      int at,
      float[] minima,
      int minimaAt,
      int stride) {
    float d = Float.float16ToFloat(data.get(Cells.SHORT, block));
    float dmin = Float.float16ToFloat(data.get(Cells.SHORT, block + 2));
    for (int g = 0; g < 4; g++) {
      int a = data.get(BYTE, block + 4 + g) & 0xff;
      int b = data.get(BYTE, block + 8 + g) & 0xff;
      int c = data.get(BYTE, block + 12 + g) & 0xff;
      int near = g * stride;
      int far = near + 4 * stride;
      // groups 0-3: 6 bits in a and b; groups 4-7: low nibbles in c, their top two bits in a and b
      scales[at + near] = d * (a & 63);
      minima[minimaAt + near] = -dmin * (b & 63);
      scales[at + far] = d * ((c & 15) | (a >> 6) << 4);
      minima[minimaAt + far] = -dmin * ((c >> 4) | (b >> 6) << 4);
    }
  }

  /// Writes the scales of the 16 groups of a Q6_K block: group `g` at `at + g * stride`. An element
  /// is `scale * (six bits - 32)`.
  static void q6k(MemorySegment data, long block, float[] scales, int at, int stride) {
    float d = Float.float16ToFloat(data.get(Cells.SHORT, block + 208));
    for (int g = 0; g < 16; g++) {
      scales[at + g * stride] = d * data.get(BYTE, block + 192 + g);
    }
  }
}
