package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
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

  static void rows(MatVec m, int first, int last, float[] unused) {
    MemorySegment w = m.segment();
    for (int r = first; r < last; r++) {
      m.y[r] = q80(w, m.at(r), m.x, m.k);
    }
  }

  private static float q80(MemorySegment w, long at, float[] x, int k) {
    FloatVector total = FloatVector.zero(F);
    for (int b = 0; b < k / 32; b++) {
      long block = Cells.offset(at + 34L * b);
      float d = Float.float16ToFloat(w.get(Cells.SHORT, block));
      FloatVector s = FloatVector.zero(F);
      for (int i = 0; i < 32; i += L) {
        s = signed(w, block + 2 + i).fma(FloatVector.fromArray(F, x, 32 * b + i), s);
      }
      total = s.fma(Lanes.splat(d), total);
    }
    return Lanes.sum(total);
  }

  private static FloatVector signed(MemorySegment w, long at) {
    return (FloatVector)
        ByteVector.fromMemorySegment(B, w, at, ORDER).convertShape(VectorOperators.B2F, F, 0);
  }
}
