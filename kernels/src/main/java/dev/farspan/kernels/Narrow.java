package dev.farspan.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Species of at most 256 bits: for what comes in eights.
final class Narrow {
  private static final VectorShape SHAPE =
      VectorShape.forBitSize(Math.min(256, Lanes.F.vectorBitSize()));

  static final VectorSpecies<Float> F = VectorSpecies.of(float.class, SHAPE);
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, SHAPE);
  static final VectorSpecies<Long> J = VectorSpecies.of(long.class, SHAPE);

  /// As many shorts as [#F] has floats.
  static final VectorSpecies<Short> H =
      VectorSpecies.of(short.class, VectorShape.forBitSize(SHAPE.vectorBitSize() / 2));

  static final int L = F.length();

  private static final VectorShuffle<Float> FOLD_4 = fold(4);
  private static final VectorShuffle<Float> FOLD_2 = fold(2);
  private static final VectorShuffle<Float> FOLD_1 = fold(1);

  private Narrow() {}

  private static VectorShuffle<Float> fold(int distance) {
    return VectorShuffle.fromOp(F, lane -> (lane ^ distance) % L);
  }

  /// Beside [Lanes#floats], so that each is only ever called with vectors of one size: C2 boxes
  /// what it has seen in two.
  static FloatVector floats(IntVector v) {
    return (FloatVector) v.convertShape(VectorOperators.I2F, F, 0);
  }

  /// Returns the sum of all lanes, in the order of [Lanes#sum].
  static float sum(FloatVector v) {
    FloatVector folded = v;
    if (L >= 8) {
      folded = folded.add(folded.rearrange(FOLD_4));
    }
    folded = folded.add(folded.rearrange(FOLD_2));
    return folded.add(folded.rearrange(FOLD_1)).lane(0);
  }
}
