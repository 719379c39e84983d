package dev.farspan.kernels;

import static dev.farspan.kernels.Narrow.F;
import static dev.farspan.kernels.Narrow.I;
import static dev.farspan.kernels.Narrow.L;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Scales in F16, broadcast to all lanes and used before they are whole floats.
///
/// A half's bits moved to the place of a float's are the half times `2^-112` (an exponent of 5 bits
/// is biased by 15, one of 8 bits by 127); zero and subnormals too. Repairing that costs an
/// instruction a scale, so it is left to the inputs, which are multiplied by [#INPUT], and to the
/// sum of a row, in [#fold]. Powers of two change no bit of a result as long as inputs stay below
/// `2^59` and results above `2^-70`. Infinite scales and NaN, which no quantiser writes, become
/// numbers from `2^16` on.
final class HalfScales {
  static final float INPUT = 0x1p56f;
  static final float OUTPUT = 0x1p56f;

  private static final IntVector BITS = IntVector.broadcast(I, 0x8fff_e000);

  private HalfScales() {}

  /// Sums the lanes that the loop of a layout left for each row.
  static void fold(MatVec m, int first, int last, float[] lanes) {
    for (int r = first; r < last; r++) {
      m.y[r] = Narrow.sum(FloatVector.fromArray(F, lanes, (r - first) * L)) * OUTPUT;
    }
  }

  /// Returns the half in the upper 16 bits of each lane, times `2^-112`.
  static FloatVector upper(IntVector bits) {
    return bits.lanewise(ASHR, 3).and(BITS).reinterpretAsFloats();
  }

  /// Returns the half in the lower 16 bits of each lane, times `2^-112`.
  static FloatVector lower(IntVector bits) {
    return upper(bits.lanewise(LSHL, 16));
  }
}
