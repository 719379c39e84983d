package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.ORDER;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Dot products of an input with one row of 4-bit or 6-bit weights.
///
/// Eight bytes are broadcast to all lanes; each lane shifts its own nibble down. That unpacks L
/// weights in a shift, a mask and a conversion, where widening bytes would also need shuffles. The
/// weights then come in the order of [#element], so the input is laid out in that order once per
/// product, followed by its sums over the elements that share a scale, which the minima multiply.
final class Nibbles {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);

  /// Lanes `2i` and `2i + 1` take nibble `i` of the lower and of the upper 4 bytes.
  private static final IntVector SHIFTS = IntVector.fromArray(I, shifts(), 0);

  /// Vectors that 8 bytes unpack to. The first two are written out below: a loop of two is slower
  /// (docs/LOG.md).
  private static final int VECTORS = 16 / L;

  private static final IntVector STEP = IntVector.broadcast(I, 2 * L);
  private static final IntVector FOUR = IntVector.broadcast(I, 4);
  private static final IntVector NIBBLE = IntVector.broadcast(I, 15);
  private static final IntVector TOP_BITS = IntVector.broadcast(I, 0x30);

  /// 1 in the lanes that take the low nibble of a byte, 0 elsewhere; and the other way round. To
  /// mix two scales by these is faster than by a mask.
  private static final FloatVector LOW = FloatVector.fromArray(F, parity(0), 0);

  private static final FloatVector HIGH = FloatVector.fromArray(F, parity(1), 0);

  private Nibbles() {}

  private static int[] shifts() {
    int[] shifts = new int[L];
    for (int l = 0; l < L; l++) {
      shifts[l] = 4 * (l / 2);
    }
    return shifts;
  }

  private static float[] parity(int which) {
    float[] parity = new float[L];
    for (int l = 0; l < L; l++) {
      parity[l] = l / 2 % 2 == which ? 1 : 0;
    }
    return parity;
  }

  static boolean has(DType dtype) {
    return dtype == DType.Q4_0 || dtype == DType.Q4_1 || dtype == DType.Q4_K || dtype == DType.Q6_K;
  }

  /// Returns the input in the order of the weights, and from index `k` on its sums over the
  /// elements that share a scale.
  static float[] prepare(DType dtype, float[] x, int k, Workers workers) {
    // Elements from the low nibble of a byte to the element of its high nibble.
    int apart = dtype == DType.Q6_K ? 64 : dtype == DType.Q4_K ? 32 : 16;
    int group = dtype == DType.Q6_K ? 16 : 32;
    float[] out = workers.shared(k + k / group);
    for (int i = 0; i < k; i++) {
      out[i] = x[element(i, apart)];
    }
    for (int b = 0; b < k / group; b++) {
      float sum = 0;
      for (int i = 0; i < group; i++) {
        sum += x[group * b + i];
      }
      out[k + (GroupScales.orders(dtype) ? GroupScales.slot(b) : b)] = sum;
    }
    return out;
  }

  /// Returns which element is the `i`-th to be unpacked.
  private static int element(int i, int apart) {
    int run = i / (2 * apart) * (2 * apart);
    int chunk = (i - run) / 16; // 8 bytes
    int slot = i % 16;
    int word = slot % 2;
    int nibble = slot / L * (L / 2) + slot % L / 2;
    return run + nibble % 2 * apart + 8 * chunk + 4 * word + nibble / 2;
  }

  /// Adds the products of the 16 weights in 8 bytes with the inputs from `at` on.
  private static FloatVector add(FloatVector sum, long eight, float[] x, int at) {
    IntVector q = Lanes.broadcast(eight).lanewise(LSHR, SHIFTS);
    FloatVector s = floats(q.and(NIBBLE)).fma(FloatVector.fromArray(F, x, at), sum);
    if (VECTORS > 1) {
      q = q.lanewise(LSHR, STEP);
      s = floats(q.and(NIBBLE)).fma(FloatVector.fromArray(F, x, at + L), s);
    }
    if (VECTORS > 2) {
      q = q.lanewise(LSHR, STEP);
      s = floats(q.and(NIBBLE)).fma(FloatVector.fromArray(F, x, at + 2 * L), s);
      q = q.lanewise(LSHR, STEP);
      s = floats(q.and(NIBBLE)).fma(FloatVector.fromArray(F, x, at + 3 * L), s);
    }
    return s;
  }

  static void rowsQ40(MatVec m, int first, int last, float[] unused) {
    for (int r = first; r < last; r++) {
      m.y[r] = q40(m.data, r * m.rowBytes, m.x, m.k);
    }
  }

  static void rowsQ41(MatVec m, int first, int last, float[] unused) {
    for (int r = first; r < last; r++) {
      m.y[r] = q41(m.data, r * m.rowBytes, m.x, m.k);
    }
  }

  /// One row only, as the scales in `groups` are its own.
  static void rowQ4K(MatVec m, int row, int end, float[] groups) {
    m.y[row] = q4k(m.data, row * m.rowBytes, m.x, m.k, groups);
  }

  /// One row only, as `unpacked` holds its scales and weights.
  static void rowQ6K(MatVec m, int row, int end, float[] unpacked) {
    m.y[row] = q6k(unpacked, m.x, m.k);
  }

  private static float q40(MemorySegment w, long at, float[] x, int k) {
    FloatVector total = FloatVector.zero(F);
    float offset = 0;
    for (int b = 0; b < k / 32; b++) {
      long block = at + 18L * b;
      float d = half(w, block);
      FloatVector s = add(FloatVector.zero(F), w.get(LONG, block + 2), x, 32 * b);
      s = add(s, w.get(LONG, block + 10), x, 32 * b + 16);
      total = s.fma(Lanes.splat(d), total);
      offset = Math.fma(d, x[k + b], offset);
    }
    return Lanes.sum(total) - 8 * offset;
  }

  private static float q41(MemorySegment w, long at, float[] x, int k) {
    FloatVector total = FloatVector.zero(F);
    float offset = 0;
    for (int b = 0; b < k / 32; b++) {
      long block = at + 20L * b;
      float d = half(w, block);
      FloatVector s = add(FloatVector.zero(F), w.get(LONG, block + 4), x, 32 * b);
      s = add(s, w.get(LONG, block + 12), x, 32 * b + 16);
      total = s.fma(Lanes.splat(d), total);
      offset = Math.fma(half(w, block + 2), x[k + b], offset);
    }
    return Lanes.sum(total) + offset;
  }

  /// Returns the dot product with a Q4_K row whose scales and minima stand in `groups`.
  private static float q4k(MemorySegment w, long at, float[] x, int k, float[] groups) {
    FloatVector total = FloatVector.zero(F);
    // 16 bytes, half of a group and half of the next, an iteration: an inner loop over all 32 would
    // not be unrolled, and four calls would be too large to inline.
    for (int i = 0; i < k; i += 32) {
      long bytes = at + 144L * (i / 256) + 16 + i % 256 / 2;
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
    MemorySegment w = m.data;
    long at = row * m.rowBytes;
    int k = m.k;
    int to = k / 16;
    for (int i = 0; i < k; i += 16) {
      long block = at + 210L * (i / 256);
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
    return top.lanewise(VectorOperators.LSHL, FOUR).and(TOP_BITS).or(nibbles.and(NIBBLE));
  }

  private static FloatVector floats(IntVector v) {
    return (FloatVector) v.convert(VectorOperators.I2F, 0);
  }

  /// Returns the scale of the low nibbles and that of the high ones, each in its lanes.
  private static FloatVector mixed(float low, float high) {
    return LOW.mul(low).add(HIGH.mul(high));
  }

  private static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(Cells.SHORT, at));
  }
}
