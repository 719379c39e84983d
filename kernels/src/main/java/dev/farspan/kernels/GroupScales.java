package dev.farspan.kernels;

import static dev.farspan.kernels.Narrow.F;
import static dev.farspan.kernels.Narrow.I;
import static dev.farspan.kernels.Narrow.J;
import static dev.farspan.kernels.Narrow.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/// The scales inside a super-block, eight at a time: their 8 bytes are broadcast and each lane
/// shifts its own byte down, as [SixBits] does with the weights. Group `g` then stands at [#slot].
final class GroupScales {
  /// Lanes `2i` and `2i + 1` take byte `i` of the lower and of the upper 4 bytes.
  private static final IntVector SHIFTS = IntVector.fromArray(I, shifts(), 0);

  private GroupScales() {}

  private static int[] shifts() {
    int[] shifts = new int[L];
    for (int l = 0; l < L; l++) {
      shifts[l] = 8 * (l / 2);
    }
    return shifts;
  }

  /// Returns where group `g` of a row stands.
  static int slot(int g) {
    return g / 8 * 8 + g % 4 * 2 + g % 8 / 4;
  }

  /// Writes the scales of one Q4_K row of `k` elements and, from index `k / 32` on, its minima. A
  /// pass of its own: together with the dot product it would be too large for C2 to inline.
  static void q4k(MatVec m, int row, int end, float[] out) {
    MemorySegment w = m.memory();
    long at = m.at(row);
    int k = m.k;
    for (int b = 0; b < k / 256; b++) {
      long block = Segments.offset(at + 144L * b);
      int c = w.get(Segments.INT, block + 12);
      unsigned(SubScales.scales(w.get(Segments.INT, block + 4), c), half(w, block), out, 8 * b);
      long minima = SubScales.minima(w.get(Segments.INT, block + 8), c);
      unsigned(minima, -half(w, block + 2), out, k / 32 + 8 * b);
    }
  }

  /// Writes the scales of one Q6_K row of `k` elements.
  static void q6k(MatVec m, int row, int end, float[] out) {
    MemorySegment w = m.memory();
    long at = m.at(row);
    int k = m.k;
    for (int b = 0; b < k / 256; b++) {
      long block = Segments.offset(at + 210L * b);
      float d = half(w, block + 208);
      signed(w.get(Segments.LONG, block + 192), d, out, 16 * b);
      signed(w.get(Segments.LONG, block + 200), d, out, 16 * b + 8);
    }
  }

  private static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(Cells.SHORT, at));
  }

  /// Writes `d` times each byte, all of them below 64.
  private static void unsigned(long eight, float d, float[] out, int at) {
    IntVector bytes =
        LongVector.broadcast(J, eight).reinterpretAsInts().lanewise(VectorOperators.LSHR, SHIFTS);
    for (int i = 0; i < 8; i += L) {
      Narrow.floats(bytes.and(63)).mul(d).intoArray(out, at + i);
      bytes = bytes.lanewise(VectorOperators.LSHR, 16); // narrow vectors need a second round
    }
  }

  /// Writes `d` times each signed byte.
  private static void signed(long eight, float d, float[] out, int at) {
    IntVector bytes =
        LongVector.broadcast(J, eight).reinterpretAsInts().lanewise(VectorOperators.LSHR, SHIFTS);
    for (int i = 0; i < 8; i += L) {
      IntVector value = bytes.lanewise(VectorOperators.LSHL, 24).lanewise(VectorOperators.ASHR, 24);
      Narrow.floats(value).mul(d).intoArray(out, at + i);
      bytes = bytes.lanewise(VectorOperators.LSHR, 16);
    }
  }

  /// Returns the products of `n` scales with the sums of their inputs, `n` a multiple of 8.
  static float dot(float[] scales, int at, float[] sums, int sumsAt, int n) {
    FloatVector total = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      total =
          FloatVector.fromArray(F, scales, at + i)
              .fma(FloatVector.fromArray(F, sums, sumsAt + i), total);
    }
    return Narrow.sum(total);
  }
}
