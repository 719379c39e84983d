package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.floats;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Dot products of an input with one row of Q6_K weights.
///
/// Eight bytes are broadcast to all lanes; each lane shifts its own bits down. The weights then
/// come in the order of [#ELEMENTS], so the input is laid out in that order once per product.
final class SixBits {
  /// Elements from the low nibble of a byte to that of its high nibble.
  private static final int APART = 64;

  /// Which element of a run is unpacked at which place.
  private static final int[] ELEMENTS =
      IntStream.range(0, 2 * APART).map(SixBits::element).toArray();

  /// Lanes `2i` and `2i + 1` take nibble `i` of the lower and of the upper 4 bytes.
  private static final IntVector SHIFTS = lanes(l -> 4 * (l / 2));

  /// Vectors that 8 bytes unpack to. The first two are written out below: a loop of two is slower
  /// (docs/LOG.md).
  private static final int VECTORS = 16 / L;

  private static final IntVector STEP = IntVector.broadcast(I, 2 * L);
  private static final IntVector FOUR = IntVector.broadcast(I, 4);
  private static final IntVector NIBBLE = IntVector.broadcast(I, 15);
  private static final IntVector TOP_BITS = IntVector.broadcast(I, 0x30);

  /// 1 in the lanes that take the low nibble of a byte, 0 elsewhere; and the other way round. To
  /// mix two scales by these is faster than by a mask.
  private static final FloatVector LOW = floats(lanes(l -> 1 - l / 2 % 2));

  private static final FloatVector HIGH = floats(lanes(l -> l / 2 % 2));

  private SixBits() {}

  private static IntVector lanes(IntUnaryOperator value) {
    return IntVector.fromArray(I, IntStream.range(0, L).map(value).toArray(), 0);
  }

  private static int element(int i) {
    int slot = i % 16; // of 8 bytes
    int nibble = slot / L * (L / 2) + slot % L / 2;
    return nibble % 2 * APART + 8 * (i / 16) + 4 * (slot % 2) + nibble / 2;
  }

  /// Writes the input in the order of the weights.
  static void order(float[] x, int k, float[] out) {
    for (int run = 0; run < k; run += 2 * APART) {
      for (int i = 0; i < 2 * APART; i++) {
        out[run + i] = x[run + ELEMENTS[i]];
      }
    }
  }

  /// One row only, as `unpacked` holds its scales and weights.
  static void row(MatVec m, int row, int end, float[] unpacked) {
    m.y[row] = q6k(unpacked, m.x, m.k);
  }

  /// Returns the dot product with a Q6_K row whose scales stand in `row` and, from index `k / 16`
  /// on, its unscaled weights, as [#unpack] leaves them.
  private static float q6k(float[] row, float[] x, int k) {
    FloatVector total = FloatVector.zero(F);
    for (int i = 0; i < k; i += 32) {
      int c = i / 32 % 8; // which 16 bytes of low nibbles of the block
      int group = i / 256 * 16 + c / 4 * 8 + GroupScales.slot(c % 4);
      int from = k / 16 + i;
      FloatVector s = FloatVector.fromArray(F, row, from).mul(FloatVector.fromArray(F, x, i));
      s = FloatVector.fromArray(F, row, from + L).fma(FloatVector.fromArray(F, x, i + L), s);
      for (int at = 2 * L; at < 32; at += L) {
        s = FloatVector.fromArray(F, row, from + at).fma(FloatVector.fromArray(F, x, i + at), s);
      }
      total = s.fma(mixed(row[group], row[group + 1]), total);
    }
    float offset = GroupScales.dot(row, 0, x, k, k / 16);
    return Lanes.sum(total) - 32 * offset;
  }

  /// Writes the weights of one Q6_K row, 0 to 63, from index `k / 16` on. A pass of its own:
  /// together with the dot product it would be too large for C2 to inline.
  static void unpack(MatVec m, int row, int end, float[] out) {
    MemorySegment w = m.memory();
    long at = m.at(row);
    int k = m.k;
    int to = k / 16;
    for (int i = 0; i < k; i += 16) {
      long block = Segments.offset(at + 210L * (i / 256));
      // The top bits of these 8 bytes are in 8 bytes of the 32 of this half of the block, two bits
      // higher for the second 32 bytes of low nibbles.
      int c = i / 16 % 16;
      long top = w.get(Segments.LONG, block + 128 + c / 8 * 32L + c % 4 * 8L) >>> (c % 8 / 4 * 2);
      IntVector q = Lanes.broadcast(w.get(Segments.LONG, block + 8L * c)).lanewise(LSHR, SHIFTS);
      IntVector t = Lanes.broadcast(top).lanewise(LSHR, SHIFTS);
      floats(six(q, t)).intoArray(out, to + i);
      if (VECTORS > 1) {
        q = q.lanewise(LSHR, STEP);
        t = t.lanewise(LSHR, STEP);
        floats(six(q, t)).intoArray(out, to + i + L);
      }
      for (int v = 2; v < VECTORS; v++) {
        q = q.lanewise(LSHR, STEP);
        t = t.lanewise(LSHR, STEP);
        floats(six(q, t)).intoArray(out, to + i + v * L);
      }
    }
  }

  private static IntVector six(IntVector nibbles, IntVector top) {
    return top.lanewise(VectorOperators.LSHL, FOUR).and(TOP_BITS).or(nibbles.and(NIBBLE));
  }

  /// Returns the scale of the low nibbles and that of the high ones, each in its lanes.
  private static FloatVector mixed(float low, float high) {
    return LOW.mul(low).add(HIGH.mul(high));
  }
}
