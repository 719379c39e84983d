package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.ORDER;

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

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);

  /// Lanes `2i` and `2i + 1` take nibble `i` of the lower and of the upper 4 bytes.
  private static final IntVector SHIFTS = IntVector.fromArray(I, shifts(), 0);

  /// Vectors that 8 bytes unpack to.
  private static final int VECTORS = 16 / L;

  private static final IntVector STEP = IntVector.broadcast(I, 2 * L);
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
    IntVector q = Lanes.broadcast(eight).lanewise(VectorOperators.LSHR, SHIFTS);
    FloatVector s = sum;
    for (int v = 0; v < VECTORS; v++) {
      FloatVector weights = (FloatVector) q.and(NIBBLE).convert(VectorOperators.I2F, 0);
      s = weights.fma(FloatVector.fromArray(F, x, at + v * L), s);
      q = q.lanewise(VectorOperators.LSHR, STEP);
    }
    return s;
  }

  static float q40(MemorySegment w, long at, float[] x, int k) {
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
    return total.reduceLanes(VectorOperators.ADD) - 8 * offset;
  }

  static float q41(MemorySegment w, long at, float[] x, int k) {
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
    return total.reduceLanes(VectorOperators.ADD) + offset;
  }

  /// @param groups scratch for 8 scales and 8 minima
  static float q4k(MemorySegment w, long at, float[] x, int k, float[] groups) {
    FloatVector total = FloatVector.zero(F);
    float offset = 0;
    for (int b = 0; b < k / 256; b++) {
      long block = at + 144L * b;
      int a = w.get(INT, block + 4);
      int m = w.get(INT, block + 8);
      int c = w.get(INT, block + 12);
      GroupScales.unsigned(SubScales.scales(a, c), half(w, block), groups, 0);
      GroupScales.unsigned(SubScales.minima(m, c), -half(w, block + 2), groups, 8);
      for (int pair = 0; pair < 4; pair++) {
        int i = 256 * b + 64 * pair;
        long bytes = block + 16 + 32L * pair;
        FloatVector s = FloatVector.zero(F);
        // A loop, not four calls: beyond some size C2 stops inlining and every vector is boxed.
        for (int q = 0; q < 4; q++) {
          s = add(s, w.get(LONG, bytes + 8L * q), x, i + 16 * q);
        }
        float low = groups[GroupScales.slot(2 * pair)];
        total = s.fma(mixed(low, groups[GroupScales.slot(2 * pair + 1)]), total);
      }
      offset += GroupScales.dot(groups, 8, x, k + 8 * b, 8);
    }
    return total.reduceLanes(VectorOperators.ADD) + offset;
  }

  /// @param groups scratch for 16 scales
  static float q6k(MemorySegment w, long at, float[] x, int k, float[] groups) {
    FloatVector total = FloatVector.zero(F);
    float offset = 0;
    for (int b = 0; b < k / 256; b++) {
      long block = at + 210L * b;
      float d = half(w, block + 208);
      GroupScales.signed(w.get(LONG, block + 192), d, groups, 0);
      GroupScales.signed(w.get(LONG, block + 200), d, groups, 8);
      for (int c = 0; c < 16; c++) {
        // 8 bytes of low nibbles, the c-th of the block; their top bits are in 8 bytes of the 32 of
        // this half of the block, two bits higher for the second 32 bytes of nibbles
        int half = c / 8;
        long top = w.get(LONG, block + 128 + 32L * half + 8L * (c % 4)) >>> (c % 8 / 4 * 2);
        int g = 8 * half + GroupScales.slot(c % 8 / 2);
        FloatVector s = addSix(w.get(LONG, block + 8L * c), top, x, 256 * b + 16 * c);
        total = s.fma(mixed(groups[g], groups[g + 1]), total);
      }
      offset += GroupScales.dot(groups, 0, x, k + 16 * b, 16);
    }
    return total.reduceLanes(VectorOperators.ADD) - 32 * offset;
  }

  /// Returns the products of the 16 weights whose low nibbles are in `eight` and whose top two bits
  /// are in the lower half of the same nibbles of `top`.
  private static FloatVector addSix(long eight, long top, float[] x, int at) {
    IntVector q = Lanes.broadcast(eight).lanewise(VectorOperators.LSHR, SHIFTS);
    IntVector t = Lanes.broadcast(top).lanewise(VectorOperators.LSHR, SHIFTS);
    FloatVector s = FloatVector.zero(F);
    for (int v = 0; v < VECTORS; v++) {
      IntVector six = t.lanewise(VectorOperators.LSHL, 4).and(TOP_BITS).or(q.and(NIBBLE));
      FloatVector weights = (FloatVector) six.convert(VectorOperators.I2F, 0);
      s = weights.fma(FloatVector.fromArray(F, x, at + v * L), s);
      q = q.lanewise(VectorOperators.LSHR, STEP);
      t = t.lanewise(VectorOperators.LSHR, STEP);
    }
    return s;
  }

  /// Returns the scale of the low nibbles and that of the high ones, each in its lanes.
  private static FloatVector mixed(float low, float high) {
    return LOW.mul(low).add(HIGH.mul(high));
  }

  private static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(Cells.SHORT, at));
  }
}
