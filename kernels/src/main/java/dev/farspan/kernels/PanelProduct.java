package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.addTo;

import jdk.incubator.vector.FloatVector;

/// `c += a b` where b is a panel (depth, [#WIDTH]) of an attention tile: keys (headDim, TILE), or
/// 64 dimensions of the values (TILE, 64).
///
/// The twin of [Product] for one constant width: only where the distance from row to row is a
/// constant does C2 check the bounds of `b` once for a loop instead of once for a load. Every
/// element of `c` is one chain of fused multiply-adds over the depth, started at 0, then added to
/// what was there; so its bits do not depend on which of the tiles below computed it.
final class PanelProduct {
  /// Columns of a panel.
  static final int WIDTH = 64;

  private static final OutOfLine FOURS = OutOfLine.panel(PanelProduct.class, "fours");
  private static final OutOfLine THREE = OutOfLine.panel(PanelProduct.class, "three");
  private static final OutOfLine REST = OutOfLine.panel(PanelProduct.class, "rest");

  /// Columns that 3 x 3 vectors take; the rest is whole pairs of vectors.
  private static final int WIDE = wide();

  private PanelProduct() {}

  private static int wide() {
    int columns = WIDTH / (3 * L) * 3 * L;
    while ((WIDTH - columns) % (2 * L) != 0) {
      columns -= 3 * L;
    }
    return columns;
  }

  /// Adds the product of `rows` rows of `a`, `aStride` apart, with the panel at `bAt` of `b`.
  static void add(
      float[] a,
      int aStride,
      int rows,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    int r = rows - rows % 4;
    if (r > 0) {
      FOURS.run(a, 0, aStride, r, b, bAt, c, cAt, cStride, depth);
    }
    if (rows - r == 3) { // the query heads of one kv head, often enough
      THREE.run(a, r * aStride, aStride, 3, b, bAt, c, cAt + r * cStride, cStride, depth);
    } else if (rows > r) {
      REST.run(a, r * aStride, aStride, rows - r, b, bAt, c, cAt + r * cStride, cStride, depth);
    }
  }

  static void fours(
      float[] a,
      int aAt,
      int aStride,
      int rows,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    for (int r = 0; r < rows; r += 4) {
      for (int j = 0; j < WIDTH; j += 2 * L) {
        tile4(a, aAt + r * aStride, aStride, b, bAt + j, c, cAt + r * cStride + j, cStride, depth);
      }
    }
  }

  static void rest(
      float[] a,
      int aAt,
      int aStride,
      int rows,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < WIDTH; j += 4 * L) {
        row(a, aAt + r * aStride, b, bAt + j, c, cAt + r * cStride + j, depth);
      }
    }
  }

  static void three(
      float[] a,
      int aAt,
      int aStride,
      int rows,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    int j = 0;
    for (; j < WIDE; j += 3 * L) {
      tile3x3(a, aAt, aStride, b, bAt + j, c, cAt + j, cStride, depth);
    }
    for (; j < WIDTH; j += 2 * L) {
      tile3x2(a, aAt, aStride, b, bAt + j, c, cAt + j, cStride, depth);
    }
  }

  private static void tile4(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
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
    for (int k = 0; k < depth; k++) {
      int at = bAt + k * WIDTH;
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
    addTo(c, cAt, s00, s01);
    addTo(c, cAt + cStride, s10, s11);
    addTo(c, cAt + 2 * cStride, s20, s21);
    addTo(c, cAt + 3 * cStride, s30, s31);
  }

  private static void tile3x3(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    int a1 = aAt + aStride;
    int a2 = a1 + aStride;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s12 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s22 = s00;
    for (int k = 0; k < depth; k++) {
      int at = bAt + k * WIDTH;
      FloatVector b0 = FloatVector.fromArray(F, b, at);
      FloatVector b1 = FloatVector.fromArray(F, b, at + L);
      FloatVector b2 = FloatVector.fromArray(F, b, at + 2 * L);
      FloatVector v = FloatVector.broadcast(F, a[aAt + k]);
      s00 = v.fma(b0, s00);
      s01 = v.fma(b1, s01);
      s02 = v.fma(b2, s02);
      v = FloatVector.broadcast(F, a[a1 + k]);
      s10 = v.fma(b0, s10);
      s11 = v.fma(b1, s11);
      s12 = v.fma(b2, s12);
      v = FloatVector.broadcast(F, a[a2 + k]);
      s20 = v.fma(b0, s20);
      s21 = v.fma(b1, s21);
      s22 = v.fma(b2, s22);
    }
    addTo(c, cAt, s00, s01);
    addTo(c, cAt + 2 * L, s02);
    addTo(c, cAt + cStride, s10, s11);
    addTo(c, cAt + cStride + 2 * L, s12);
    addTo(c, cAt + 2 * cStride, s20, s21);
    addTo(c, cAt + 2 * cStride + 2 * L, s22);
  }

  private static void tile3x2(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    int a1 = aAt + aStride;
    int a2 = a1 + aStride;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    for (int k = 0; k < depth; k++) {
      int at = bAt + k * WIDTH;
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
    }
    addTo(c, cAt, s00, s01);
    addTo(c, cAt + cStride, s10, s11);
    addTo(c, cAt + 2 * cStride, s20, s21);
  }

  private static void row(float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int depth) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int k = 0; k < depth; k++) {
      int at = bAt + k * WIDTH;
      FloatVector v = FloatVector.broadcast(F, a[aAt + k]);
      s0 = v.fma(FloatVector.fromArray(F, b, at), s0);
      s1 = v.fma(FloatVector.fromArray(F, b, at + L), s1);
      s2 = v.fma(FloatVector.fromArray(F, b, at + 2 * L), s2);
      s3 = v.fma(FloatVector.fromArray(F, b, at + 3 * L), s3);
    }
    addTo(c, cAt, s0, s1);
    addTo(c, cAt + 2 * L, s2, s3);
  }
}
