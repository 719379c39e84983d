package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [ByteDots] for vectors of 512 bits: half a block at once. Helpers of its own, as C2 boxes what
/// is called with two sizes of vectors (docs/LOG.md).
final class WideBytes {
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_128;

  private WideBytes() {}

  /// Whether a vector holds as many floats as half a block has bytes.
  static boolean suit() {
    return L == 16;
  }

  /// Leaves the lanes of each row for [PairedWords#fold].
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
      FloatVector d = PairedWords.lower(IntVector.broadcast(I, w.get(Cells.SHORT, block)));
      FloatVector s = signed(w, block + 2).mul(FloatVector.fromArray(F, x, 32 * b));
      s = signed(w, block + 18).fma(FloatVector.fromArray(F, x, 32 * b + 16), s);
      total = s.fma(d, total);
    }
    total.intoArray(lanes, to);
  }

  private static FloatVector signed(MemorySegment w, long at) {
    ByteVector v = ByteVector.fromMemorySegment(B, w, at, Lanes.ORDER);
    return (FloatVector) v.convertShape(VectorOperators.B2F, F, 0);
  }
}
