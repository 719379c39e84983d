package dev.farspan.kernels;

import dev.farspan.tensor.Tensor;
import java.util.Arrays;

/// The definition of correct: plain loops that add in double and round once. Every other [Kernels]
/// is tested against this one.
final class ScalarKernels implements Kernels {
  private final String description;

  ScalarKernels(String description) {
    this.description = description;
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public void matMul(Tensor w, float[] x, int rows, float[] y, Workers workers) {
    int k = Sizes.cols(w);
    int n = Sizes.rows(w);
    Sizes.checkMatMul(w, x, rows, y);
    workers.run(
        n,
        (column, worker) -> {
          float[] weights = workers.scratch(worker, k);
          w.copyRow(column, weights, 0);
          for (int r = 0; r < rows; r++) {
            y[r * n + column] = (float) dot(x, r * k, weights, 0, k);
          }
        });
  }

  @Override
  public void matVecs(int products, Tensor[] w, float[] x, float[][] y, Workers workers) {
    for (int i = 0; i < products; i++) {
      matVec(w[i], x, y[i], workers);
    }
  }

  @Override
  public void matVec(Tensor w, float[] x, float[] y, Workers workers) {
    matMul(w, x, 1, y, workers);
  }

  static double dot(float[] a, int at, float[] b, int bAt, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) a[at + i] * b[bAt + i];
    }
    return sum;
  }

  @Override
  public void rmsNorm(
      float[] x, int at, int n, float[] weight, float epsilon, float[] out, int outAt) {
    double root = Math.sqrt(dot(x, at, x, at, n) / n + epsilon);
    for (int i = 0; i < n; i++) {
      out[outAt + i] = (float) (x[at + i] / root * weight[i]);
    }
  }

  @Override
  public void layerNorm(
      float[] x,
      int at,
      int n,
      float[] weight,
      float[] bias,
      float epsilon,
      float[] out,
      int outAt) {
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += x[at + i] / (double) n;
    }
    double variance = 0;
    for (int i = 0; i < n; i++) {
      variance += (x[at + i] - mean) * (x[at + i] - mean) / n;
    }
    double root = Math.sqrt(variance + epsilon);
    for (int i = 0; i < n; i++) {
      out[outAt + i] = (float) ((x[at + i] - mean) / root * weight[i] + bias[i]);
    }
  }

  @Override
  public void gate(Activation activation, float[] gate, float[] up, int at, int n) {
    for (int i = at; i < at + n; i++) {
      gate[i] = (float) (Curves.of(activation, gate[i]) * up[i]);
    }
  }

  @Override
  public void activate(Activation activation, float[] x, int at, int n) {
    for (int i = at; i < at + n; i++) {
      x[i] = (float) Curves.of(activation, x[i]);
    }
  }

  @Override
  public void add(float[] x, int at, float[] y, int yAt, int n, float factor) {
    for (int i = 0; i < n; i++) {
      x[at + i] = (float) (x[at + i] + (double) factor * y[yAt + i]);
    }
  }

  @Override
  public void scale(float[] x, int at, int n, float factor) {
    for (int i = at; i < at + n; i++) {
      x[i] *= factor;
    }
  }

  @Override
  public void softmax(float[] x, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      sum += Math.exp((double) x[i] - max);
    }
    for (int i = at; i < at + n; i++) {
      x[i] = (float) (Math.exp((double) x[i] - max) / sum);
    }
  }

  @Override
  public double logSumExp(float[] x, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    if (max == Float.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      sum += Math.exp((double) x[i] - max);
    }
    return max + Math.log(sum);
  }

  @Override
  public void softCap(float[] x, int at, int n, float cap) {
    for (int i = at; i < at + n; i++) {
      x[i] = (float) (cap * Math.tanh((double) x[i] / cap));
    }
  }

  @Override
  public void store(Page page, int slot, float[] keys, float[] values, int at) {
    Cells.store(page, slot, keys, values, at);
  }

  @Override
  public void quantise(Page exact, Page to) {
    Cells.quantise(exact, to);
  }

  @Override
  public void loadKeys(Page page, int kvHead, float[] out) {
    for (int d = 0; d < page.layout().headDim(); d++) {
      for (int t = 0; t < TILE; t++) {
        out[d * TILE + t] = page.key(kvHead, t, d);
      }
    }
  }

  @Override
  public void loadValues(Page page, int kvHead, float[] out) {
    int headDim = page.layout().headDim();
    for (int t = 0; t < TILE; t++) {
      for (int d = 0; d < headDim; d++) {
        out[page.layout().valueIndex(t, d)] = page.value(kvHead, t, d);
      }
    }
  }

  @Override
  public void rotateKeys(float[] keys, int pairs, float[] cos, float[] sin) {
    for (int i = 0; i < pairs * TILE; i++) {
      double a = keys[i];
      double b = keys[i + pairs * TILE];
      keys[i] = (float) (a * cos[i] - b * sin[i]);
      keys[i + pairs * TILE] = (float) (b * cos[i] + a * sin[i]);
    }
  }

  @Override
  public void rotateRows(
      float[] q, int rows, Rotary rotary, float[] cos, float[] sin, float[] out) {
    int half = rotary.pairs();
    for (int r = 0; r < rows; r++) {
      int at = r * rotary.headDim();
      int angle = r / rotary.group() * half;
      for (int p = 0; p < half; p++) {
        double a = q[at + p];
        double b = q[at + p + half];
        double c = cos[angle + p];
        double s = sin[angle + p];
        out[at + p] = (float) (rotary.rotScale() * (a * c - b * s));
        out[at + p + half] = (float) (rotary.rotScale() * (b * c + a * s));
      }
      for (int d = at + 2 * half; d < at + rotary.headDim(); d++) {
        out[d] = rotary.passScale() * q[d];
      }
    }
  }

  @Override
  public void scores(float[] q, int rows, int headDim, float[] k, float[] s) {
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < TILE; t++) {
        double sum = 0;
        for (int d = 0; d < headDim; d++) {
          sum += (double) q[r * headDim + d] * k[d * TILE + t];
        }
        s[r * TILE + t] = (float) sum;
      }
    }
  }

  @Override
  public void softmaxTile(
      float[] s, int rows, int[] from, int[] to, float[] max, float[] sum, float[] o, int headDim) {
    for (int r = 0; r < rows; r++) {
      int at = r * TILE;
      Arrays.fill(s, at, at + from[r], 0);
      Arrays.fill(s, at + Math.max(from[r], to[r]), at + TILE, 0);
      float larger = max[r];
      for (int t = from[r]; t < to[r]; t++) {
        larger = Math.max(larger, s[at + t]);
      }
      if (from[r] >= to[r]) {
        continue;
      }
      double shrink = Math.exp(((double) max[r] - larger) * LN_2);
      double total = sum[r] * shrink;
      for (int t = from[r]; t < to[r]; t++) {
        s[at + t] = (float) Math.exp(((double) s[at + t] - larger) * LN_2);
        total += s[at + t];
      }
      for (int d = r * headDim; d < (r + 1) * headDim; d++) {
        o[d] = (float) (o[d] * shrink);
      }
      sum[r] = (float) total;
      max[r] = larger;
    }
  }

  @Override
  public void accumulate(float[] s, int rows, int count, float[] v, int headDim, float[] o) {
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < headDim; d++) {
        double sum = o[r * headDim + d];
        for (int t = 0; t < count; t++) {
          sum += (double) s[r * TILE + t] * v[PageLayout.valueIndex(headDim, t, d)];
        }
        o[r * headDim + d] = (float) sum;
      }
    }
  }
}
