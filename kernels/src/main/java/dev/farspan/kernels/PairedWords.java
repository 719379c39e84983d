package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.H;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.floats;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [Words] for vectors of 512 bits: the eight words of one block in the lower lanes and those of
/// the next in the upper ones, Q4_0 and Q4_1. Helpers of its own, as C2 boxes what is called with
/// two sizes of vectors (docs/LOG.md).
final class PairedWords {
  private static final IntVector THREE = IntVector.broadcast(I, 0xfff);
  private static final IntVector TWO = IntVector.broadcast(I, 0xff);
  private static final IntVector ONE = IntVector.broadcast(I, 0xf);
  private static final IntVector BITS = IntVector.broadcast(I, 0x8fff_e000);

  /// The lanes of the second block.
  private static final VectorMask<Integer> SECOND = VectorMask.fromLong(I, 0xff00);

  /// Two bytes for each lane.
  private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, H.vectorShape());

  /// Of such a vector as ints, the bytes of the second block.
  private static final VectorMask<Integer> UPPER = VectorMask.fromLong(Narrow.I, 0xf0);

  private PairedWords() {}

  /// Whether rows of `k` elements are whole pairs of blocks and a vector holds a pair.
  static boolean suit(int k) {
    return L == 16 && k % 64 == 0;
  }

  static void rowsQ40(MatVec m, int first, int last, float[] lanes) {
    MemorySegment w = m.memory();
    for (int r = first; r < last; r++) {
      q40(w, m.at(r), m.x, m.k, lanes, (r - first) * L);
    }
  }

  static void rowsQ41(MatVec m, int first, int last, float[] lanes) {
    MemorySegment w = m.memory();
    for (int r = first; r < last; r++) {
      q41(w, m.at(r), m.x, m.k, lanes, (r - first) * L);
    }
  }

  /// Sums the lanes that the loop of a layout left for each row, as [HalfScales#fold].
  static void fold(MatVec m, int first, int last, float[] lanes) {
    for (int r = first; r < last; r++) {
      m.y[r] = Lanes.sum(FloatVector.fromArray(F, lanes, (r - first) * L)) * HalfScales.OUTPUT;
    }
  }

  private static void q40(MemorySegment w, long start, float[] x, int k, float[] lanes, int to) {
    FloatVector total = FloatVector.zero(F);
    for (int p = 0; p < k / 64; p++) {
      long block = Segments.offset(start + 36L * p);
      IntVector scales = scales(w.get(Cells.SHORT, block), w.get(Cells.SHORT, block + 18));
      // less 8 times the sum of the inputs
      FloatVector s = FloatVector.fromArray(F, x, k + L * p).mul(-8);
      s = nested(words(w, block + 2, block + 4), x, 64 * p, s);
      total = s.fma(lower(scales), total);
    }
    total.intoArray(lanes, to);
  }

  private static void q41(MemorySegment w, long start, float[] x, int k, float[] lanes, int to) {
    FloatVector total = FloatVector.zero(F);
    FloatVector offset = total;
    for (int p = 0; p < k / 64; p++) {
      long block = Segments.offset(start + 40L * p);
      IntVector scales = scales(w.get(Segments.INT, block), w.get(Segments.INT, block + 20));
      FloatVector s = nested(words(w, block + 4, block + 8), x, 64 * p, FloatVector.zero(F));
      total = s.fma(lower(scales), total);
      offset = FloatVector.fromArray(F, x, k + L * p).fma(upper(scales), offset);
    }
    total.add(offset).intoArray(lanes, to);
  }

  private static FloatVector nested(IntVector v, float[] x, int at, FloatVector sum) {
    FloatVector s = floats(v).fma(FloatVector.fromArray(F, x, at), sum);
    s = floats(v.and(THREE)).fma(FloatVector.fromArray(F, x, at + L), s);
    s = floats(v.and(TWO)).fma(FloatVector.fromArray(F, x, at + 2 * L), s);
    return floats(v.and(ONE)).fma(FloatVector.fromArray(F, x, at + 3 * L), s);
  }

  /// Returns the words of two blocks: from the first offset on lie those of the one, and half a
  /// vector after the second offset those of the other.
  private static IntVector words(MemorySegment w, long first, long second) {
    IntVector one = ByteVector.fromMemorySegment(B, w, first, Lanes.ORDER).reinterpretAsInts();
    IntVector both =
        one.blend(
            ByteVector.fromMemorySegment(B, w, second, Lanes.ORDER).reinterpretAsInts(), UPPER);
    return (IntVector)
        both.reinterpretAsShorts().convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
  }

  private static IntVector scales(int first, int second) {
    return IntVector.broadcast(I, first).blend(second, SECOND);
  }

  /// As [HalfScales#upper].
  private static FloatVector upper(IntVector bits) {
    return bits.lanewise(ASHR, 3).and(BITS).reinterpretAsFloats();
  }

  /// As [HalfScales#lower].
  static FloatVector lower(IntVector bits) {
    return upper(bits.lanewise(LSHL, 16));
  }
}
