package dev.farspan.kernels;

import static dev.farspan.kernels.Narrow.F;
import static dev.farspan.kernels.Narrow.H;
import static dev.farspan.kernels.Narrow.I;
import static dev.farspan.kernels.Narrow.L;
import static dev.farspan.kernels.Narrow.floats;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Dot products of an input with rows of Q4_0, Q4_1 and Q4_K weights.
///
/// A lane takes two bytes, four weights, and never shifts: masks leave ever fewer of its nibbles,
/// and the inputs of [WordInput] are such that what a mask leaves too much, the next takes back.
/// Nibbles `a + 16b + 256c + 4096d` times `xd/4096`, without `d` times `xc/256 - xd/4096`, and so
/// on add up to `a xa + b xb + c xc + d xd`. A word is exact as a float, and a nibble and what
/// stands below it are less than 16 together, so this rounds as products with nibbles of up to 16
/// would.
///
/// Sums stay in lanes until [HalfScales#fold]: to fold them here would be too large for C2 to
/// inline.
final class Words {
  private static final IntVector THREE = IntVector.broadcast(I, 0xfff);
  private static final IntVector TWO = IntVector.broadcast(I, 0xff);
  private static final IntVector ONE = IntVector.broadcast(I, 0xf);
  private static final IntVector LOW = IntVector.broadcast(I, 0x0f0f);
  private static final IntVector HIGH = IntVector.broadcast(I, 0xf0f0);
  private static final IntVector SECOND = IntVector.broadcast(I, 0xf0);

  /// Two bytes for each lane.
  private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, H.vectorShape());

  private Words() {}

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

  /// One row only, as the scales in `groups` are its own.
  static void rowQ4K(MatVec m, int row, int end, float[] groups) {
    MemorySegment w = m.memory();
    m.y[row] = q4k(w, m.at(row), m.x, m.k, groups);
  }

  private static void q40(MemorySegment w, long start, float[] x, int k, float[] lanes, int to) {
    FloatVector total = FloatVector.zero(F);
    for (int b = 0; b < k / 32; b++) {
      long block = Segments.offset(start + 18L * b);
      FloatVector d = HalfScales.lower(IntVector.broadcast(I, w.get(Cells.SHORT, block)));
      // less 8 times the sum of the inputs
      FloatVector s = FloatVector.fromArray(F, x, k + L * b).mul(-8);
      total = sixteenBytes(w, block + 2, x, 32 * b, s).fma(d, total);
    }
    total.intoArray(lanes, to);
  }

  private static void q41(MemorySegment w, long start, float[] x, int k, float[] lanes, int to) {
    FloatVector total = FloatVector.zero(F);
    FloatVector offset = total;
    for (int b = 0; b < k / 32; b++) {
      long block = Segments.offset(start + 20L * b);
      IntVector scales = IntVector.broadcast(I, w.get(Segments.INT, block));
      FloatVector s = sixteenBytes(w, block + 4, x, 32 * b, FloatVector.zero(F));
      total = s.fma(HalfScales.lower(scales), total);
      offset = FloatVector.fromArray(F, x, k + L * b).fma(HalfScales.upper(scales), offset);
    }
    total.add(offset).intoArray(lanes, to);
  }

  private static FloatVector sixteenBytes(
      MemorySegment w, long at, float[] x, int xAt, FloatVector sum) {
    FloatVector s = nested(words(w, at), x, xAt, sum);
    return L == 8 ? s : nested(words(w, at + 8), x, xAt + 16, s);
  }

  private static FloatVector nested(IntVector v, float[] x, int at, FloatVector sum) {
    FloatVector s = floats(v).fma(FloatVector.fromArray(F, x, at), sum);
    s = floats(v.and(THREE)).fma(FloatVector.fromArray(F, x, at + L), s);
    s = floats(v.and(TWO)).fma(FloatVector.fromArray(F, x, at + 2 * L), s);
    return floats(v.and(ONE)).fma(FloatVector.fromArray(F, x, at + 3 * L), s);
  }

  /// Returns the dot product with a Q4_K row whose scales and minima stand in `groups`.
  private static float q4k(MemorySegment w, long start, float[] x, int k, float[] groups) {
    FloatVector total = FloatVector.zero(F);
    // 32 bytes an iteration: low nibbles of one group of 32 and high ones of the next.
    for (int i = 0; i < k / 64; i++) {
      long at = Segments.offset(start + 144L * (i >> 2) + 16 + 32L * (i & 3));
      int group = 8 * (i >> 2) + 4 * (i & 1) + ((i >> 1) & 1); // GroupScales.slot(2i)
      IntVector v = words(w, at);
      FloatVector low = low(v, x, 64 * i, FloatVector.zero(F));
      FloatVector high = high(v, x, 64 * i, FloatVector.zero(F));
      for (int j = L; j < 16; j += L) {
        v = words(w, at + 2L * j);
        low = low(v, x, 64 * i + 4 * j, low);
        high = high(v, x, 64 * i + 4 * j, high);
      }
      total = low.fma(FloatVector.broadcast(F, groups[group]), total);
      total = high.fma(FloatVector.broadcast(F, groups[group + 2]), total);
    }
    float offset = GroupScales.dot(groups, k / 32, x, k, k / 32);
    return Narrow.sum(total) + offset;
  }

  private static FloatVector low(IntVector v, float[] x, int at, FloatVector sum) {
    IntVector pair = v.and(LOW);
    FloatVector s = floats(pair).fma(FloatVector.fromArray(F, x, at), sum);
    return floats(pair.and(ONE)).fma(FloatVector.fromArray(F, x, at + L), s);
  }

  private static FloatVector high(IntVector v, float[] x, int at, FloatVector sum) {
    IntVector pair = v.and(HIGH);
    FloatVector s = floats(pair).fma(FloatVector.fromArray(F, x, at + 2 * L), sum);
    return floats(pair.and(SECOND)).fma(FloatVector.fromArray(F, x, at + 3 * L), s);
  }

  private static IntVector words(MemorySegment w, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(B, w, at, Lanes.ORDER)
            .reinterpretAsShorts()
            .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
  }
}
