package dev.farspan.kernels;

import static dev.farspan.kernels.Narrow.F;
import static dev.farspan.kernels.Narrow.I;
import static dev.farspan.kernels.Narrow.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Dot products of an input with rows of Q8_0 weights: eight bytes at once, as no species holds
/// fewer.
final class ByteDots {
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_64;

  private ByteDots() {}

  static void rowsQ80(MatVec m, int first, int last, float[] lanes) {
    MemorySegment w = m.memory();
    for (int r = first; r < last; r++) {
      q80(w, m.at(r), m.x, m.k, lanes, (r - first) * L);
    }
  }

  private static void q80(MemorySegment w, long start, float[] x, int k, float[] lanes, int to) {
    FloatVector total = FloatVector.zero(F);
    for (int b = 0; b < k / 32; b++) {
      long block = Segments.offset(start + 34L * b);
      FloatVector d = HalfScales.lower(IntVector.broadcast(I, w.get(Cells.SHORT, block)));
      FloatVector s = FloatVector.zero(F);
      for (int i = 0; i < 32; i += 8) {
        ByteVector v = ByteVector.fromMemorySegment(B, w, block + 2 + i, Lanes.ORDER);
        s = signed(v, 0).fma(FloatVector.fromArray(F, x, 32 * b + i), s);
        if (L == 4) {
          s = signed(v, 1).fma(FloatVector.fromArray(F, x, 32 * b + i + L), s);
        }
      }
      total = s.fma(d, total);
    }
    total.intoArray(lanes, to);
  }

  private static FloatVector signed(ByteVector v, int part) {
    return (FloatVector) v.convertShape(VectorOperators.B2F, F, part);
  }
}
