package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Dot products of an input with one row of weights that are read as bytes. Needs vectors of at
/// least 8 floats: no species holds fewer than 8 bytes.
final class ByteDots {
  /// As many bytes as a vector has floats.
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * L)));

  private ByteDots() {}

  static float q80(MemorySegment w, long at, float[] x, int k) {
    FloatVector total = FloatVector.zero(F);
    for (int b = 0; b < k / 32; b++) {
      long block = at + 34L * b;
      float d = Float.float16ToFloat(w.get(Cells.SHORT, block));
      FloatVector s = FloatVector.zero(F);
      for (int i = 0; i < 32; i += L) {
        s = signed(w, block + 2 + i).fma(FloatVector.fromArray(F, x, 32 * b + i), s);
      }
      total = s.fma(Lanes.splat(d), total);
    }
    return total.reduceLanes(VectorOperators.ADD);
  }

  private static FloatVector signed(MemorySegment w, long at) {
    return (FloatVector)
        ByteVector.fromMemorySegment(B, w, at, ORDER).convertShape(VectorOperators.B2F, F, 0);
  }

  /// @param groups scratch for 16 scales
  static float q6k(MemorySegment w, long at, float[] x, int k, float[] groups) {
    FloatVector total = FloatVector.zero(F);
    for (int b = 0; b < k / 256; b++) {
      long block = at + 210L * b;
      SubScales.q6k(w, block, groups, 0, 1);
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 32; i += L) {
          IntVector low0 = unsigned(w, block + 64L * half + i);
          IntVector low1 = unsigned(w, block + 64L * half + 32 + i);
          IntVector upper = unsigned(w, block + 128 + 32L * half + i);
          int g = 8 * half + i / 16;
          int e = 256 * b + 128 * half + i;
          // runs 0 and 1 in the low nibbles, 2 and 3 in the high ones; their top bits in `upper`
          total =
              run(low0.and(15), upper.lanewise(VectorOperators.LSHL, 4), x, e, groups[g], total);
          total =
              run(
                  low1.and(15),
                  upper.lanewise(VectorOperators.LSHL, 2),
                  x,
                  e + 32,
                  groups[g + 2],
                  total);
          total =
              run(low0.lanewise(VectorOperators.LSHR, 4), upper, x, e + 64, groups[g + 4], total);
          total =
              run(
                  low1.lanewise(VectorOperators.LSHR, 4),
                  upper.lanewise(VectorOperators.LSHR, 2),
                  x,
                  e + 96,
                  groups[g + 6],
                  total);
        }
      }
    }
    return total.reduceLanes(VectorOperators.ADD);
  }

  /// Adds L products; `upper` has the top two bits of each weight at bits 4 and 5.
  private static FloatVector run(
      IntVector nibbles, IntVector upper, float[] x, int at, float scale, FloatVector total) {
    IntVector q = upper.and(0x30).or(nibbles).sub(32);
    FloatVector weights = (FloatVector) q.convert(VectorOperators.I2F, 0);
    return weights.mul(FloatVector.fromArray(F, x, at)).fma(Lanes.splat(scale), total);
  }

  private static IntVector unsigned(MemorySegment w, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(B, w, at, ORDER)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }
}
