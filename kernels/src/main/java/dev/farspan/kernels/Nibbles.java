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
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Dot products of an input with one row of 4-bit weights.
///
/// Eight bytes are broadcast to all lanes; each lane shifts its own nibble down. That unpacks L
/// weights in a shift, a mask and a conversion, where widening bytes would also need shuffles. The
/// weights then come in the order of [#element], so the input is laid out in that order once per
/// product, followed by its sums over 32 elements, which the minima multiply.
final class Nibbles {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);

  /// Lanes `2i` and `2i + 1` take nibble `i` of the lower and of the upper 4 bytes.
  private static final IntVector SHIFTS = IntVector.fromArray(I, shifts(), 0);

  /// Vectors that 8 bytes unpack to.
  private static final int VECTORS = 16 / L;

  /// The lanes that take the upper nibble of a byte.
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(F, 0xccccL & ((1L << L) - 1));

  private Nibbles() {}

  private static int[] shifts() {
    int[] shifts = new int[L];
    for (int l = 0; l < L; l++) {
      shifts[l] = 4 * (l / 2);
    }
    return shifts;
  }

  static boolean has(DType dtype) {
    return dtype == DType.Q4_0 || dtype == DType.Q4_1 || dtype == DType.Q4_K;
  }

  /// Returns the input in the order of the weights, and from index `k` on its sums over 32.
  static float[] prepare(DType dtype, float[] x, int k, Workers workers) {
    float[] out = workers.shared(k + k / 32);
    // Elements from the low nibble of a byte to the element of its high nibble.
    int apart = dtype == DType.Q4_K ? 32 : 16;
    for (int i = 0; i < k; i++) {
      out[i] = x[element(i, apart)];
    }
    for (int b = 0; b < k / 32; b++) {
      float sum = 0;
      for (int i = 0; i < 32; i++) {
        sum += x[32 * b + i];
      }
      out[k + b] = sum;
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
      IntVector nibbles = q.lanewise(VectorOperators.LSHR, 2 * L * v).and(15);
      FloatVector weights = (FloatVector) nibbles.convert(VectorOperators.I2F, 0);
      s = weights.fma(FloatVector.fromArray(F, x, at + v * L), s);
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
      SubScales.q4k(w, block, groups, 0, groups, 8, 1);
      for (int pair = 0; pair < 4; pair++) {
        int i = 256 * b + 64 * pair;
        long bytes = block + 16 + 32L * pair;
        FloatVector s = add(FloatVector.zero(F), w.get(LONG, bytes), x, i);
        s = add(s, w.get(LONG, bytes + 8), x, i + 16);
        s = add(s, w.get(LONG, bytes + 16), x, i + 32);
        s = add(s, w.get(LONG, bytes + 24), x, i + 48);
        FloatVector d = Lanes.splat(groups[2 * pair]).blend(groups[2 * pair + 1], UPPER);
        total = s.fma(d, total);
      }
      for (int g = 0; g < 8; g++) {
        offset = Math.fma(groups[8 + g], x[k + 8 * b + g], offset);
      }
    }
    return total.reduceLanes(VectorOperators.ADD) + offset;
  }

  private static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(Cells.SHORT, at));
  }
}
