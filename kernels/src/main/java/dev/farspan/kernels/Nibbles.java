package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.ORDER;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Dot products of an input with one row of 4-bit or 6-bit weights.
///
/// Eight bytes are broadcast to all lanes, and each lane masks its own nibble out without shifting
/// it down: its input is divided by the power of two instead ([NibbleInput]). That unpacks L
/// weights in a mask and a conversion, where widening bytes would also need shuffles.
///
/// The scales of Q4_0 and Q4_1 are made floats in the lanes too: the bits of a half at the place of
/// a float's are that half times 2^-112, subnormal halves included, and the input and the result
/// carry the rest of the power. An infinite scale, which no quantiser writes, would be read as
/// 2^16.
final class Nibbles {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);

  /// Lanes `2i` and `2i + 1` take nibble `i` of the lower and of the upper 4 bytes.
  private static final IntVector SHIFTS = lanes(l -> 4 * (l / 2));

  /// What is left of that shift where nibbles stay in place.
  private static final IntVector FAR = lanes(l -> 4 * (l / 2) - place(l));

  private static final IntVector PLACES = lanes(l -> 15 << place(l));

  /// Vectors that 8 bytes unpack to. The first two are written out below: a loop of two is slower
  /// (docs/LOG.md).
  private static final int VECTORS = 16 / L;

  private static final IntVector STEP = IntVector.broadcast(I, 2 * L);
  private static final IntVector FOUR = IntVector.broadcast(I, 4);
  private static final IntVector NIBBLE = IntVector.broadcast(I, 15);
  private static final IntVector TOP_BITS = IntVector.broadcast(I, 0x30);

  /// A half's sign, exponent and fraction once it is moved to a float's place.
  private static final IntVector HALF = IntVector.broadcast(I, 0x8fff_e000);

  private static final IntVector SIXTEEN = IntVector.broadcast(I, 16);
  private static final IntVector THREE = IntVector.broadcast(I, 3);

  /// 1 in the lanes that take the low nibble of a byte, 0 elsewhere; and the other way round. To
  /// mix two scales by these is faster than by a mask.
  private static final FloatVector LOW = floats(lanes(l -> 1 - l / 2 % 2));

  private static final FloatVector HIGH = floats(lanes(l -> l / 2 % 2));

  private Nibbles() {}

  private static IntVector lanes(IntUnaryOperator value) {
    return IntVector.fromArray(I, IntStream.range(0, L).map(value).toArray(), 0);
  }

  /// Returns at which bit a lane's nibble stays: below 16, as the highest place of a word is that
  /// of its sign.
  static int place(int lane) {
    return 4 * (lane / 2 % 4);
  }

  /// Adds the products of the 16 weights in 8 bytes with the inputs from `at` on.
  private static FloatVector add(FloatVector sum, long eight, float[] x, int at) {
    IntVector q = Lanes.broadcast(eight);
    if (L > 8) {
      q = q.lanewise(LSHR, FAR);
    }
    FloatVector s = floats(q.and(PLACES)).fma(FloatVector.fromArray(F, x, at), sum);
    if (VECTORS > 1) {
      q = q.lanewise(LSHR, STEP);
      s = floats(q.and(PLACES)).fma(FloatVector.fromArray(F, x, at + L), s);
    }
    if (VECTORS > 2) {
      q = q.lanewise(LSHR, STEP);
      s = floats(q.and(PLACES)).fma(FloatVector.fromArray(F, x, at + 2 * L), s);
      q = q.lanewise(LSHR, STEP);
      s = floats(q.and(PLACES)).fma(FloatVector.fromArray(F, x, at + 3 * L), s);
    }
    return s;
  }

  /// Leaves each row's sums by lane in `lanes`, for [#foldLanes]: to fold them here would be too
  /// large for C2 to inline.
  static void rowsQ40(MatVec m, int first, int last, float[] lanes) {
    MemorySegment w = m.segment();
    for (int r = first; r < last; r++) {
      q40(w, m.at(r), m.x, m.k).intoArray(lanes, (r - first) * L);
    }
  }

  /// As [#rowsQ40].
  static void rowsQ41(MatVec m, int first, int last, float[] lanes) {
    MemorySegment w = m.segment();
    for (int r = first; r < last; r++) {
      q41(w, m.at(r), m.x, m.k).intoArray(lanes, (r - first) * L);
    }
  }

  static void foldLanes(MatVec m, int first, int last, float[] lanes) {
    for (int r = first; r < last; r++) {
      FloatVector row = FloatVector.fromArray(F, lanes, (r - first) * L);
      m.y[r] = Lanes.sum(row) * NibbleInput.RESULT;
    }
  }

  /// One row only, as the scales in `groups` are its own.
  static void rowQ4K(MatVec m, int row, int end, float[] groups) {
    MemorySegment w = m.segment();
    m.y[row] = q4k(w, m.at(row), m.x, m.k, groups);
  }

  /// One row only, as `unpacked` holds its scales and weights.
  static void rowQ6K(MatVec m, int row, int end, float[] unpacked) {
    m.y[row] = q6k(unpacked, m.x, m.k);
  }

  private static FloatVector q40(MemorySegment w, long at, float[] x, int k) {
    FloatVector total = FloatVector.zero(F);
    for (int b = 0; b < k / 32; b++) {
      long block = Cells.offset(at + 18L * b);
      FloatVector s = Lanes.splat(x[k + b]);
      s = add(s, w.get(LONG, block + 2), x, 32 * b);
      s = add(s, w.get(LONG, block + 10), x, 32 * b + 16);
      total = s.fma(lower(IntVector.broadcast(I, w.get(Cells.SHORT, block))), total);
    }
    return total;
  }

  private static FloatVector q41(MemorySegment w, long at, float[] x, int k) {
    FloatVector total = FloatVector.zero(F);
    for (int b = 0; b < k / 32; b++) {
      long block = Cells.offset(at + 20L * b);
      IntVector scales = IntVector.broadcast(I, w.get(INT, block));
      total = upper(scales).fma(Lanes.splat(x[k + b]), total);
      FloatVector s = add(FloatVector.zero(F), w.get(LONG, block + 4), x, 32 * b);
      s = add(s, w.get(LONG, block + 12), x, 32 * b + 16);
      total = s.fma(lower(scales), total);
    }
    return total;
  }

  /// Returns the half in the lower 16 bits of each lane, times 2^-112.
  private static FloatVector lower(IntVector halves) {
    return upper(halves.lanewise(LSHL, SIXTEEN));
  }

  /// Returns the half in the upper 16 bits of each lane, times 2^-112.
  private static FloatVector upper(IntVector halves) {
    return halves.lanewise(ASHR, THREE).and(HALF).reinterpretAsFloats();
  }

  /// Returns the dot product with a Q4_K row whose scales and minima stand in `groups`.
  private static float q4k(MemorySegment w, long at, float[] x, int k, float[] groups) {
    FloatVector total = FloatVector.zero(F);
    // 16 bytes, half of a group and half of the next, an iteration: an inner loop over all 32 would
    // not be unrolled, and four calls would be too large to inline.
    for (int i = 0; i < k; i += 32) {
      long bytes = Cells.offset(at + 144L * (i / 256) + 16 + i % 256 / 2);
      FloatVector s = add(FloatVector.zero(F), w.get(LONG, bytes), x, i);
      s = add(s, w.get(LONG, bytes + 8), x, i + 16);
      int group = i / 256 * 8 + GroupScales.slot(i / 64 % 4 * 2);
      total = s.fma(mixed(groups[group], groups[group + 2]), total);
    }
    float offset = GroupScales.dot(groups, k / 32, x, k, k / 32);
    return Lanes.sum(total) + offset;
  }

  /// Returns the dot product with a Q6_K row whose scales stand in `row` and, from index `k / 16`
  /// on, its unscaled weights, as [#unpackSix] leaves them.
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
  static void unpackSix(MatVec m, int row, int end, float[] out) {
    MemorySegment w = m.segment();
    long at = m.at(row);
    int k = m.k;
    int to = k / 16;
    for (int i = 0; i < k; i += 16) {
      long block = Cells.offset(at + 210L * (i / 256));
      // The top bits of these 8 bytes are in 8 bytes of the 32 of this half of the block, two bits
      // higher for the second 32 bytes of low nibbles.
      int c = i / 16 % 16;
      long top = w.get(LONG, block + 128 + c / 8 * 32L + c % 4 * 8L) >>> (c % 8 / 4 * 2);
      IntVector q = Lanes.broadcast(w.get(LONG, block + 8L * c)).lanewise(LSHR, SHIFTS);
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
    return top.lanewise(LSHL, FOUR).and(TOP_BITS).or(nibbles.and(NIBBLE));
  }

  private static FloatVector floats(IntVector v) {
    return (FloatVector) v.convert(VectorOperators.I2F, 0);
  }

  /// Returns the scale of the low nibbles and that of the high ones, each in its lanes.
  private static FloatVector mixed(float low, float high) {
    return LOW.mul(low).add(HIGH.mul(high));
  }
}
