package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;

import jdk.incubator.vector.FloatVector;

/// `c += a b` where b is a panel (depth, [#WIDTH]) of decoded weights: the tiles of whole rows of
/// tiles, where nearly all of the time of a prefill goes. What is left of the rows is for
/// [Product], which computes every element by the same chain.
///
/// The distance from row to row of `b` is a constant, so that C2 checks its bounds once for a loop.
final class WeightTiles {
  /// Columns of a panel and of the register tile.
  static final int WIDTH = 2 * L;

  private static final boolean MANY_REGISTERS =
      F.vectorBitSize() == 512 || System.getProperty("os.arch", "").equals("aarch64");

  /// Rows of the register tile. 5 x 2 sums, 2 weights and an input take 13 of the 16 registers of
  /// AVX2: 92 GFLOP/s where 4 x 2 reached 74 and a core can do 98 (docs/LOG.md); 6 x 2 spill.
  /// AVX-512 and NEON have 32 registers.
  static final int HEIGHT = MANY_REGISTERS ? 8 : 5;

  private static final OutOfLine TILES =
      OutOfLine.panel(WeightTiles.class, HEIGHT == 8 ? "eights" : "fives");

  private WeightTiles() {}

  /// Adds the product of `rows` rows of `a`, `aStride` apart, with the panel at `bAt` of `b`.
  static void add(
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
    int whole = rows - rows % HEIGHT;
    if (whole > 0) {
      TILES.run(a, aAt, aStride, whole, b, bAt, c, cAt, cStride, depth);
    }
    if (rows > whole) {
      new Product(a, aStride, b, WIDTH, c, cStride)
          .add(aAt + whole * aStride, bAt, cAt + whole * cStride, rows - whole, WIDTH, depth);
    }
  }

  static void fives(
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
    for (int r = 0; r < rows; r += 5) {
      tile5(a, aAt + r * aStride, aStride, b, bAt, c, cAt + r * cStride, cStride, depth);
    }
  }

  static void eights(
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
    for (int r = 0; r < rows; r += 8) {
      tile8(a, aAt + r * aStride, aStride, b, bAt, c, cAt + r * cStride, cStride, depth);
    }
  }

  private static void tile5(
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
    int a4 = a3 + aStride;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s40 = s00;
    FloatVector s41 = s00;
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
      v = FloatVector.broadcast(F, a[a4 + k]);
      s40 = v.fma(b0, s40);
      s41 = v.fma(b1, s41);
    }
    add(c, cAt, s00, s01);
    add(c, cAt + cStride, s10, s11);
    add(c, cAt + 2 * cStride, s20, s21);
    add(c, cAt + 3 * cStride, s30, s31);
    add(c, cAt + 4 * cStride, s40, s41);
  }

  private static void tile8(
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
    int a4 = a3 + aStride;
    int a5 = a4 + aStride;
    int a6 = a5 + aStride;
    int a7 = a6 + aStride;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    FloatVector s40 = s00;
    FloatVector s41 = s00;
    FloatVector s50 = s00;
    FloatVector s51 = s00;
    FloatVector s60 = s00;
    FloatVector s61 = s00;
    FloatVector s70 = s00;
    FloatVector s71 = s00;
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
      v = FloatVector.broadcast(F, a[a4 + k]);
      s40 = v.fma(b0, s40);
      s41 = v.fma(b1, s41);
      v = FloatVector.broadcast(F, a[a5 + k]);
      s50 = v.fma(b0, s50);
      s51 = v.fma(b1, s51);
      v = FloatVector.broadcast(F, a[a6 + k]);
      s60 = v.fma(b0, s60);
      s61 = v.fma(b1, s61);
      v = FloatVector.broadcast(F, a[a7 + k]);
      s70 = v.fma(b0, s70);
      s71 = v.fma(b1, s71);
    }
    add(c, cAt, s00, s01);
    add(c, cAt + cStride, s10, s11);
    add(c, cAt + 2 * cStride, s20, s21);
    add(c, cAt + 3 * cStride, s30, s31);
    add(c, cAt + 4 * cStride, s40, s41);
    add(c, cAt + 5 * cStride, s50, s51);
    add(c, cAt + 6 * cStride, s60, s61);
    add(c, cAt + 7 * cStride, s70, s71);
  }

  private static void add(float[] c, int at, FloatVector left, FloatVector right) {
    FloatVector.fromArray(F, c, at).add(left).intoArray(c, at);
    FloatVector.fromArray(F, c, at + L).add(right).intoArray(c, at + L);
  }
}
