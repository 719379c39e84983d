package dev.farspan.kernels;

import static dev.farspan.kernels.Kernels.TILE;
import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.H;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.ORDER;

import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// One tile of attention: keys and values to floats, scores, softmax, outputs.
final class Attention {
  private static final OutOfLine EXPONENTIALS = OutOfLine.softmax(Attention.class, "exponentials");

  // A tile is one or more whole vectors at any width the Vector API knows (up to 2048 bits).
  private final ThreadLocal<float[]> keyRows = ThreadLocal.withInitial(() -> new float[0]);

  void packKeys(KeyTile tile, float[] cos, float[] sin, float[] out) {
    int size = tile.headDim();
    int half = tile.rotaryDim() / 2;
    float[] rows = keyRows.get();
    if (rows.length < TILE * size) {
      rows = new float[TILE * size];
      keyRows.set(rows);
    }
    load(tile.page(), tile.byteOffset(), tile.dtype(), tile.count() * size, rows);
    for (int t = 0; t < tile.count(); t++) {
      rotate(rows, t * size, half, cos, sin, t * half, 1, rows);
    }
    transpose(rows, tile.count(), size, out);
  }

  private static void transpose(float[] rows, int count, int size, float[] out) {
    if (count < TILE) {
      Arrays.fill(out, 0, size * TILE, 0);
    }
    for (int t = 0; t < count; t++) {
      int from = t * size;
      for (int d = 0; d < size; d++) {
        out[d * TILE + t] = rows[from + d];
      }
    }
  }

  static void loadValues(
      MemorySegment page, long byteOffset, DType dtype, int count, int headDim, float[] out) {
    load(page, byteOffset, dtype, count * headDim, out);
    Arrays.fill(out, count * headDim, TILE * headDim, 0);
  }

  private static void load(MemorySegment page, long at, DType dtype, int n, float[] out) {
    if (dtype == DType.F32) {
      MemorySegment.copy(page, Cells.FLOAT, at, out, 0, n);
      return;
    }
    if (dtype != DType.F16) {
      throw Cells.notACacheType(dtype);
    }
    int i = 0;
    for (; i + L <= n; i += L) {
      Lanes.fromHalf(Lanes.ints(ShortVector.fromMemorySegment(H, page, at + 2L * i, ORDER)))
          .intoArray(out, i);
    }
    for (; i < n; i++) {
      out[i] = Cells.load(dtype, page, at, i);
    }
  }

  static void rotateRows(
      float[] q,
      int rows,
      int headDim,
      int rotaryDim,
      float[] cos,
      float[] sin,
      float rotScale,
      float passScale,
      float[] out) {
    int half = rotaryDim / 2;
    for (int r = 0; r < rows; r++) {
      rotate(q, r * headDim, half, cos, sin, r * half, rotScale, out);
      for (int d = r * headDim + rotaryDim; d < (r + 1) * headDim; d++) {
        out[d] = passScale * q[d];
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
    new Product(q, headDim, k, TILE, s, TILE).add(0, 0, 0, rows, TILE, headDim);
  }

  static void accumulate(float[] s, int rows, int count, float[] v, int headDim, float[] o) {
    new Product(s, TILE, v, headDim, o, headDim).add(0, 0, 0, rows, headDim, count);
  }

  static void softmaxTile(
      float[] s, int rows, int[] from, int[] to, float[] max, float[] sum, float[] o, int headDim) {
    for (int r = 0; r < rows; r++) {
      int at = r * TILE;
      if (from[r] >= to[r]) {
        Arrays.fill(s, at, at + TILE, 0);
        continue;
      }
      // exp takes negative infinity to exactly 0
      Arrays.fill(s, at, at + from[r], Float.NEGATIVE_INFINITY);
      Arrays.fill(s, at + to[r], at + TILE, Float.NEGATIVE_INFINITY);
      float larger = larger(s, at, max[r]);
      if (larger > max[r]) {
        float shrink = (float) Math.exp((double) max[r] - larger);
        sum[r] *= shrink;
        scale(o, r * headDim, headDim, shrink);
        max[r] = larger;
      }
      sum[r] += EXPONENTIALS.run(s, at, larger);
    }
  }

  /// Returns the larger of `max` and the largest score of a row.
  private static float larger(float[] s, int at, float max) {
    FloatVector m = FloatVector.fromArray(F, s, at);
    for (int t = L; t < TILE; t += L) {
      FloatVector v = FloatVector.fromArray(F, s, at + t);
      m =
          m.blend(
              v, v.compare(VectorOperators.GT, m)); // max() would treat NaN, which exp passes on
    }
    return Math.max(max, m.reduceLanes(VectorOperators.MAX));
  }

  /// Turns a row's scores into `exp(score - max)` and returns their sum.
  static float exponentials(float[] s, int at, float max) {
    FloatVector total = FloatVector.zero(F);
    for (int t = 0; t < TILE; t += L) {
      FloatVector e = Lanes.exp(FloatVector.fromArray(F, s, at + t).sub(max));
      e.intoArray(s, at + t);
      total = total.add(e);
    }
    return Lanes.sum(total);
  }

  static void scale(float[] x, int at, int n, float factor) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector.fromArray(F, x, at + i).mul(factor).intoArray(x, at + i);
    }
    for (; i < n; i++) {
      x[at + i] *= factor;
    }
  }
}
