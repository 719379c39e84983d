package dev.farspan.kernels;

import static dev.farspan.kernels.Kernels.TILE;
import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// One tile of attention: rotation, scores, softmax, outputs.
final class Attention {
  private static final OutOfLine EXPONENTIALS = OutOfLine.softmax(Attention.class, "exponentials");

  private Attention() {}

  // Keys are (headDim, TILE): a tile is one or more whole vectors at any width the Vector API knows
  // (up to 2048 bits), so no pair of dimensions leaves a rest.
  static void rotateKeys(float[] keys, int pairs, float[] cos, float[] sin) {
    int n = pairs * TILE;
    for (int i = 0; i < n; i += L) {
      FloatVector a = FloatVector.fromArray(F, keys, i);
      FloatVector b = FloatVector.fromArray(F, keys, i + n);
      FloatVector c = FloatVector.fromArray(F, cos, i);
      FloatVector s = FloatVector.fromArray(F, sin, i);
      a.mul(c).sub(b.mul(s)).intoArray(keys, i);
      b.mul(c).add(a.mul(s)).intoArray(keys, i + n);
    }
  }

  static void rotateRows(
      float[] q, int rows, Rotary rotary, float[] cos, float[] sin, float[] out) {
    int headDim = rotary.headDim();
    int half = rotary.pairs();
    for (int r = 0; r < rows; r++) {
      int angle = r / rotary.group() * half;
      rotate(q, r * headDim, half, cos, sin, angle, rotary.rotScale(), out);
      for (int d = r * headDim + 2 * half; d < (r + 1) * headDim; d++) {
        out[d] = rotary.passScale() * q[d];
      }
    }
  }

  /// Rotates one row's pairs, `half` apart, and scales them.
  private static void rotate(
      float[] x, int at, int half, float[] cos, float[] sin, int angle, float factor, float[] out) {
    int p = 0;
    for (; p + L <= half; p += L) {
      FloatVector a = FloatVector.fromArray(F, x, at + p);
      FloatVector b = FloatVector.fromArray(F, x, at + p + half);
      FloatVector c = FloatVector.fromArray(F, cos, angle + p);
      FloatVector s = FloatVector.fromArray(F, sin, angle + p);
      a.mul(c).sub(b.mul(s)).mul(factor).intoArray(out, at + p);
      b.mul(c).add(a.mul(s)).mul(factor).intoArray(out, at + p + half);
    }
    for (; p < half; p++) {
      float a = x[at + p];
      float b = x[at + p + half];
      float c = cos[angle + p];
      float s = sin[angle + p];
      out[at + p] = (a * c - b * s) * factor;
      out[at + p + half] = (b * c + a * s) * factor;
    }
  }

  static void scores(float[] q, int rows, int headDim, float[] k, float[] s) {
    Arrays.fill(s, 0, rows * TILE, 0);
    PanelProduct.add(q, headDim, rows, k, 0, s, 0, TILE, headDim);
  }

  static void accumulate(float[] s, int rows, int count, float[] v, int headDim, float[] o) {
    int whole = headDim - headDim % PanelProduct.WIDTH;
    for (int d = 0; d < whole; d += PanelProduct.WIDTH) {
      PanelProduct.add(s, TILE, rows, v, d * TILE, o, d, headDim, count);
    }
    int rest = headDim - whole;
    if (rest > 0) {
      new Product(s, TILE, v, rest, o, headDim).add(0, whole * TILE, whole, rows, rest, count);
    }
  }

  static void softmaxTile(
      float[] s, int rows, int[] from, int[] to, float[] max, float[] sum, float[] o, int headDim) {
    for (int r = 0; r < rows; r++) {
      int at = r * TILE;
      if (from[r] != 0 || to[r] != TILE) {
        // 2^x takes negative infinity to exactly 0
        Arrays.fill(s, at, at + from[r], Float.NEGATIVE_INFINITY);
        Arrays.fill(s, at + Math.max(from[r], to[r]), at + TILE, Float.NEGATIVE_INFINITY);
      }
      if (anyNotBelow(s, at, max[r])) {
        raise(s, r, max, sum, o, headDim);
      }
    }
    EXPONENTIALS.run(s, rows, max, sum);
  }

  /// Returns whether a score of the row is `max` or more: few tiles move the maximum, and this asks
  /// half of what finding it costs. Differences below `max` have their sign bit set.
  private static boolean anyNotBelow(float[] s, int at, float max) {
    IntVector signs = FloatVector.fromArray(F, s, at).sub(max).reinterpretAsInts();
    for (int t = L; t < TILE; t += L) {
      signs = signs.and(FloatVector.fromArray(F, s, at + t).sub(max).reinterpretAsInts());
    }
    return signs.reduceLanes(VectorOperators.AND) >= 0;
  }

  /// Moves a row's maximum up to its largest score; what was summed so far shrinks.
  private static void raise(float[] s, int r, float[] max, float[] sum, float[] o, int headDim) {
    float larger = max[r];
    for (int t = r * TILE; t < (r + 1) * TILE; t++) {
      if (s[t] > larger) { // Math.max would return a NaN, which is left to the exponentials
        larger = s[t];
      }
    }
    if (larger > max[r]) {
      float shrink = (float) Math.exp(((double) max[r] - larger) * Kernels.LN_2);
      sum[r] *= shrink;
      scale(o, r * headDim, headDim, shrink);
      max[r] = larger;
    }
  }

  /// Turns scores into `2^(score - max)` and adds each row's to its sum.
  static void exponentials(float[] s, int rows, float[] max, float[] sum) {
    for (int r = 0; r < rows; r++) {
      FloatVector total = FloatVector.zero(F);
      // A row that has seen nothing has no maximum, and infinity minus infinity is no number.
      FloatVector m = Lanes.splat(max[r] == Float.NEGATIVE_INFINITY ? 0 : max[r]);
      for (int t = r * TILE; t < (r + 1) * TILE; t += L) {
        FloatVector e = Lanes.exp2(FloatVector.fromArray(F, s, t).sub(m));
        e.intoArray(s, t);
        total = total.add(e);
      }
      sum[r] += Lanes.sum(total);
    }
  }

  /// A plain loop, of which C2 makes vectors by itself: the same loop of vector operations, inlined
  /// into a caller that has many of them, was now and then compiled with all its vectors boxed.
  static void scale(float[] x, int at, int n, float factor) {
    for (int i = at; i < at + n; i++) {
      x[i] *= factor;
    }
  }
}
