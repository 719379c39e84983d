package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.addTo;

import jdk.incubator.vector.FloatVector;

/// `c += a b` where a is packed inputs and b a panel (depth, [#WIDTH]) of decoded weights: nearly
/// all of the time of a prefill goes here.
///
/// Rows are packed in groups of [#HEIGHT], element after element: (k, HEIGHT) for each group. So a
/// tile reads one stream of inputs and one of weights; with a stream for each row C2 runs out of
/// registers for addresses (74 instead of 90 GFLOP/s, docs/LOG.md). Every element of `c` is one
/// chain of fused multiply-adds over the depth, started at 0, then added to what was there, as in
/// [Product], which takes the rows that fill no group.
final class WeightTiles {
  /// Columns of a panel and of the register tile.
  static final int WIDTH = 2 * L;

  /// Rows of the register tile. 4 x 2 sums, 2 weights and the 4 inputs that C2 loads at once take
  /// 14 of the 16 registers of AVX2 (5 x 2 and 6 x 2 spill). AVX-512 has 32, but 6 x 2 runs no
  /// faster there, and 8 x 2 is more vector calls than C2 inlines (docs/LOG.md).
  static final int HEIGHT = 4;

  private static final OutOfLine TILE = OutOfLine.panel(WeightTiles.class, "tile");

  private WeightTiles() {}

  /// Packs a group of rows of `x`, `k` elements each.
  static void pack(float[] x, int at, int k, float[] out, int to) {
    for (int i = 0; i < k; i++) {
      int place = to + i * HEIGHT;
      int from = at + i;
      out[place] = x[from];
      out[place + 1] = x[from + k];
      out[place + 2] = x[from + 2 * k];
      out[place + 3] = x[from + 3 * k];
    }
  }

  /// Adds the product of `groups` groups of `a`, `aStride` apart, with the panel at `bAt` of `b`.
  static void add(
      float[] a,
      int aAt,
      int aStride,
      int groups,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    for (int g = 0; g < groups; g++) {
      int to = cAt + g * HEIGHT * cStride;
      TILE.run(a, aAt + g * aStride, aStride, 1, b, bAt, c, to, cStride, depth);
    }
  }

  static void tile(
      float[] a,
      int aAt,
      int aStride,
      int groups,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    for (int k = 0; k < depth; k++) {
      int row = aAt + k * HEIGHT;
      int at = bAt + k * WIDTH;
      FloatVector b0 = FloatVector.fromArray(F, b, at);
      FloatVector b1 = FloatVector.fromArray(F, b, at + L);
      FloatVector v = FloatVector.broadcast(F, a[row]);
      s00 = v.fma(b0, s00);
      s01 = v.fma(b1, s01);
      v = FloatVector.broadcast(F, a[row + 1]);
      s10 = v.fma(b0, s10);
      s11 = v.fma(b1, s11);
      v = FloatVector.broadcast(F, a[row + 2]);
      s20 = v.fma(b0, s20);
      s21 = v.fma(b1, s21);
      v = FloatVector.broadcast(F, a[row + 3]);
      s30 = v.fma(b0, s30);
      s31 = v.fma(b1, s31);
    }
    addTo(c, cAt, s00, s01);
    addTo(c, cAt + cStride, s10, s11);
    addTo(c, cAt + 2 * cStride, s20, s21);
    addTo(c, cAt + 3 * cStride, s30, s31);
  }
}
