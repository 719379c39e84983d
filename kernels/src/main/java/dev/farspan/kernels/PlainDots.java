package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.H;
import static dev.farspan.kernels.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Dot products of an input with one row of unquantised weights. Four chains each: two
/// multiply-adds start per cycle and each takes four.
final class PlainDots {
  private PlainDots() {}

  static void rowsF32(MatVec m, int first, int last, float[] unused) {
    MemorySegment w = m.memory();
    for (int r = first; r < last; r++) {
      m.y[r] = f32(w, m.at(r), m.x, m.k);
    }
  }

  static void rowsF16(MatVec m, int first, int last, float[] unused) {
    MemorySegment w = m.memory();
    for (int r = first; r < last; r++) {
      m.y[r] = f16(w, m.at(r), m.x, m.k);
    }
  }

  static void rowsBf16(MatVec m, int first, int last, float[] unused) {
    MemorySegment w = m.memory();
    for (int r = first; r < last; r++) {
      m.y[r] = bf16(w, m.at(r), m.x, m.k);
    }
  }

  /// One row only, decoded to `row`.
  static void rowDecoded(MatVec m, int r, int end, float[] row) {
    m.y[r] = floats(row, m.x, m.k);
  }

  private static float f32(MemorySegment w, long at, float[] x, int k) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i + 4 * L <= k; i += 4 * L) {
      s0 = floats(w, at, i).fma(FloatVector.fromArray(F, x, i), s0);
      s1 = floats(w, at, i + L).fma(FloatVector.fromArray(F, x, i + L), s1);
      s2 = floats(w, at, i + 2 * L).fma(FloatVector.fromArray(F, x, i + 2 * L), s2);
      s3 = floats(w, at, i + 3 * L).fma(FloatVector.fromArray(F, x, i + 3 * L), s3);
    }
    float sum = sum(s0, s1, s2, s3);
    for (; i < k; i++) {
      sum = Math.fma(w.get(Cells.FLOAT, at + 4L * i), x[i], sum);
    }
    return sum;
  }

  private static float f16(MemorySegment w, long at, float[] x, int k) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    int i = 0;
    // Two chains only: with four this is too large for C2 to inline, and every vector is boxed.
    for (; i + 2 * L <= k; i += 2 * L) {
      s0 = halves(w, at, i).fma(FloatVector.fromArray(F, x, i), s0);
      s1 = halves(w, at, i + L).fma(FloatVector.fromArray(F, x, i + L), s1);
    }
    float sum = Lanes.sum(s0.add(s1));
    for (; i < k; i++) {
      sum = Math.fma(Float.float16ToFloat(w.get(Cells.SHORT, at + 2L * i)), x[i], sum);
    }
    return sum;
  }

  private static float bf16(MemorySegment w, long at, float[] x, int k) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i + 4 * L <= k; i += 4 * L) {
      s0 = brains(w, at, i).fma(FloatVector.fromArray(F, x, i), s0);
      s1 = brains(w, at, i + L).fma(FloatVector.fromArray(F, x, i + L), s1);
      s2 = brains(w, at, i + 2 * L).fma(FloatVector.fromArray(F, x, i + 2 * L), s2);
      s3 = brains(w, at, i + 3 * L).fma(FloatVector.fromArray(F, x, i + 3 * L), s3);
    }
    float sum = sum(s0, s1, s2, s3);
    for (; i < k; i++) {
      sum = Math.fma(Float.intBitsToFloat(w.get(Cells.SHORT, at + 2L * i) << 16), x[i], sum);
    }
    return sum;
  }

  private static float floats(float[] w, float[] x, int k) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i + 4 * L <= k; i += 4 * L) {
      s0 = FloatVector.fromArray(F, w, i).fma(FloatVector.fromArray(F, x, i), s0);
      s1 = FloatVector.fromArray(F, w, i + L).fma(FloatVector.fromArray(F, x, i + L), s1);
      s2 = FloatVector.fromArray(F, w, i + 2 * L).fma(FloatVector.fromArray(F, x, i + 2 * L), s2);
      s3 = FloatVector.fromArray(F, w, i + 3 * L).fma(FloatVector.fromArray(F, x, i + 3 * L), s3);
    }
    float sum = sum(s0, s1, s2, s3);
    for (; i < k; i++) {
      sum = Math.fma(w[i], x[i], sum);
    }
    return sum;
  }

  private static float sum(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    return Lanes.sum(a.add(b).add(c.add(d)));
  }

  private static FloatVector floats(MemorySegment w, long at, int i) {
    return FloatVector.fromMemorySegment(F, w, at + 4L * i, Lanes.ORDER);
  }

  private static FloatVector halves(MemorySegment w, long at, int i) {
    return Lanes.fromHalf(shorts(w, at, i));
  }

  private static FloatVector brains(MemorySegment w, long at, int i) {
    return shorts(w, at, i).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  private static IntVector shorts(MemorySegment w, long at, int i) {
    return Lanes.ints(ShortVector.fromMemorySegment(H, w, at + 2L * i, Lanes.ORDER));
  }
}
