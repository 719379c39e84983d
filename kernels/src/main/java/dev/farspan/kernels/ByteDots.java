package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.B;
import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Dot products of an input with one row of weights that are read as bytes. Needs vectors of at
/// least 8 floats: no species holds fewer than 8 bytes.
final class ByteDots {
  private ByteDots() {}

  static void rows(MatVec m, int first, int last, float[] unused) {
    byte[] w = m.bytes();
    for (int r = first; r < last; r++) {
      m.y[r] = q80(w, m.at(r), m.x, m.k);
    }
  }

  private static float q80(byte[] w, int at, float[] x, int k) {
    FloatVector total = FloatVector.zero(F);
    for (int b = 0; b < k / 32; b++) {
      int block = at + 34 * b;
      float d = HeapBytes.halfAt(w, block);
      FloatVector s = signed(w, block + 2).mul(FloatVector.fromArray(F, x, 32 * b));
      for (int i = L; i < 32; i += L) {
        s = signed(w, block + 2 + i).fma(FloatVector.fromArray(F, x, 32 * b + i), s);
      }
      total = s.fma(Lanes.splat(d), total);
    }
    return Lanes.sum(total);
  }

  private static FloatVector signed(byte[] w, int at) {
    return (FloatVector) ByteVector.fromArray(B, w, at).convertShape(VectorOperators.B2F, F, 0);
  }
}
