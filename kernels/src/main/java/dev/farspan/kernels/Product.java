package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;

import jdk.incubator.vector.FloatVector;

/// `c += a b` on small row-major blocks: a (rows, depth), b (depth, cols), c (rows, cols), each
/// with its own distance from row to row.
///
/// Every element of `c` is one chain of fused multiply-adds over the depth, started at 0, then
/// added to what was there; so its bits do not depend on which of the tiles below computed it.
final class Product {
  /// Columns of the register tile.
  static final int WIDTH = 2 * L;

  private final float[] a;
  private final int aStride;
  private final float[] b;
  private final int bStride;
  private final float[] c;
  private final int cStride;

  Product(float[] a, int aStride, float[] b, int bStride, float[] c, int cStride) {
    this.a = a;
    this.aStride = aStride;
    this.b = b;
    this.bStride = bStride;
    this.c = c;
    this.cStride = cStride;
  }

  /// Adds the product of `rows` rows of `a` from index `aAt` and `cols` columns of `b` from `bAt`.
  void add(int aAt, int bAt, int cAt, int rows, int cols, int depth) {
    int j = 0;
    for (; j + WIDTH <= cols; j += WIDTH) {
      for (int r = 0; r + 4 <= rows; r += 4) {
        tile4(aAt + r * aStride, bAt + j, cAt + r * cStride + j, depth);
      }
    }
    addRowByRow(aAt, bAt, cAt, rows, cols, depth);
  }

  /// Adds what the tiles of [#add] left: the last rows, and the last columns of all rows.
  private void addRowByRow(int aAt, int bAt, int cAt, int rows, int cols, int depth) {
    int tiled = cols - cols % WIDTH;
    for (int r = 0; r < rows; r++) {
      int j = r < rows - rows % 4 ? tiled : 0;
      int from = aAt + r * aStride;
      int to = cAt + r * cStride;
      for (; j + 8 * L <= cols; j += 8 * L) {
        row8(from, bAt + j, to + j, depth);
      }
      for (; j + 2 * L <= cols; j += 2 * L) {
        row2(from, bAt + j, to + j, depth);
      }
      for (; j + L <= cols; j += L) {
        row1(from, bAt + j, to + j, depth);
      }
      for (; j < cols; j++) {
        c[to + j] += one(from, bAt + j, depth);
      }
    }
  }

  private void tile4(int aAt, int bAt, int cAt, int depth) {
    float[] a = this.a;
    float[] b = this.b;
    int a1 = aAt + aStride;
    int a2 = a1 + aStride;
    int a3 = a2 + aStride;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    for (int k = 0, at = bAt; k < depth; k++, at += bStride) {
      FloatVector b0 = FloatVector.fromArray(F, b, at);
      FloatVector b1 = FloatVector.fromArray(F, b, at + L);
      FloatVector v = FloatVector.broadcast(F, a[aAt + k]);
      s00 = v.fma(b0, s00);
      s01 = v.fma(b1, s01);
      v = FloatVector.broadcast(F, a[a1 + k]);
      s10 = v.fma(b0, s10);
      s11 = v.fma(b1, s11);
      v = FloatVector.broadcast(F, a[a2 + k]);
      s20 = v.fma(b0, s20);
      s21 = v.fma(b1, s21);
      v = FloatVector.broadcast(F, a[a3 + k]);
      s30 = v.fma(b0, s30);
      s31 = v.fma(b1, s31);
    }
    addTo(cAt, s00, s01);
    addTo(cAt + cStride, s10, s11);
    addTo(cAt + 2 * cStride, s20, s21);
    addTo(cAt + 3 * cStride, s30, s31);
  }

  private void addTo(int at, FloatVector left, FloatVector right) {
    FloatVector.fromArray(F, c, at).add(left).intoArray(c, at);
    FloatVector.fromArray(F, c, at + L).add(right).intoArray(c, at + L);
  }

  /// One row alone needs 8 chains to hide the latency of the multiply-add.
  private void row8(int aAt, int bAt, int cAt, int depth) {
    float[] a = this.a;
    float[] b = this.b;
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int k = 0, at = bAt; k < depth; k++, at += bStride) {
      FloatVector v = FloatVector.broadcast(F, a[aAt + k]);
      s0 = v.fma(FloatVector.fromArray(F, b, at), s0);
      s1 = v.fma(FloatVector.fromArray(F, b, at + L), s1);
      s2 = v.fma(FloatVector.fromArray(F, b, at + 2 * L), s2);
      s3 = v.fma(FloatVector.fromArray(F, b, at + 3 * L), s3);
      s4 = v.fma(FloatVector.fromArray(F, b, at + 4 * L), s4);
      s5 = v.fma(FloatVector.fromArray(F, b, at + 5 * L), s5);
      s6 = v.fma(FloatVector.fromArray(F, b, at + 6 * L), s6);
      s7 = v.fma(FloatVector.fromArray(F, b, at + 7 * L), s7);
    }
    addTo(cAt, s0, s1);
    addTo(cAt + 2 * L, s2, s3);
    addTo(cAt + 4 * L, s4, s5);
    addTo(cAt + 6 * L, s6, s7);
  }

  private void row2(int aAt, int bAt, int cAt, int depth) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    for (int k = 0, at = bAt; k < depth; k++, at += bStride) {
      FloatVector v = FloatVector.broadcast(F, a[aAt + k]);
      s0 = v.fma(FloatVector.fromArray(F, b, at), s0);
      s1 = v.fma(FloatVector.fromArray(F, b, at + L), s1);
    }
    addTo(cAt, s0, s1);
  }

  private void row1(int aAt, int bAt, int cAt, int depth) {
    FloatVector s = FloatVector.zero(F);
    for (int k = 0, at = bAt; k < depth; k++, at += bStride) {
      s = FloatVector.broadcast(F, a[aAt + k]).fma(FloatVector.fromArray(F, b, at), s);
    }
    FloatVector.fromArray(F, c, cAt).add(s).intoArray(c, cAt);
  }

  private float one(int aAt, int bAt, int depth) {
    float s = 0;
    for (int k = 0; k < depth; k++) {
      s = Math.fma(a[aAt + k], b[bAt + k * bStride], s);
    }
    return s;
  }
}
