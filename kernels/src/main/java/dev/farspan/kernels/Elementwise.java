package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Norms and curves over vectors. What is left after the last whole vector goes through the same
/// arithmetic under a mask, so that an element's bits do not depend on where its range ends.
final class Elementwise {
  private static final float SQRT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);
  private static final float SQRT_HALF = (float) Math.sqrt(0.5);
  private static final VectorMask<Float> ALL = F.maskAll(true);

  private Elementwise() {}

  private static VectorMask<Float> rest(int n) {
    return F.indexInRange(0, n);
  }

  static void rmsNorm(
      float[] x, int at, int n, float[] weight, float epsilon, float[] out, int outAt) {
    float factor = (float) (1 / Math.sqrt((double) squares(x, at, n, 0) / n + epsilon));
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, at + i).mul(factor);
      v.mul(FloatVector.fromArray(F, weight, i)).intoArray(out, outAt + i);
    }
    for (; i < n; i++) {
      out[outAt + i] = x[at + i] * factor * weight[i];
    }
  }

  static void layerNorm(
      float[] x,
      int at,
      int n,
      float[] weight,
      float[] bias,
      float epsilon,
      float[] out,
      int outAt) {
    FloatVector s = FloatVector.zero(F);
    int i = 0;
    for (; i + L <= n; i += L) {
      s = s.add(FloatVector.fromArray(F, x, at + i));
    }
    float sum = Lanes.sum(s);
    for (; i < n; i++) {
      sum += x[at + i];
    }
    float mean = sum / n;
    float factor = (float) (1 / Math.sqrt((double) squares(x, at, n, mean) / n + epsilon));
    for (i = 0; i + L <= n; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, at + i).sub(mean).mul(factor);
      v.fma(FloatVector.fromArray(F, weight, i), FloatVector.fromArray(F, bias, i))
          .intoArray(out, outAt + i);
    }
    for (; i < n; i++) {
      out[outAt + i] = Math.fma((x[at + i] - mean) * factor, weight[i], bias[i]);
    }
  }

  /// Returns the sum of `(x - mean)^2`.
  private static float squares(float[] x, int at, int n, float mean) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    int i = 0;
    for (; i + 2 * L <= n; i += 2 * L) {
      FloatVector a = FloatVector.fromArray(F, x, at + i).sub(mean);
      FloatVector b = FloatVector.fromArray(F, x, at + i + L).sub(mean);
      s0 = a.fma(a, s0);
      s1 = b.fma(b, s1);
    }
    FloatVector s = s0.add(s1); // Lanes.sum in place: called after a loop it is often not inlined
    s = L < 32 ? s : s.add(s.rearrange(Lanes.FOLD_16));
    s = L < 16 ? s : s.add(s.rearrange(Lanes.FOLD_8));
    s = L < 8 ? s : s.add(s.rearrange(Lanes.FOLD_4));
    s = L < 4 ? s : s.add(s.rearrange(Lanes.FOLD_2));
    float sum = s.add(s.rearrange(Lanes.FOLD_1)).lane(0);
    for (; i < n; i++) {
      sum = Math.fma(x[at + i] - mean, x[at + i] - mean, sum);
    }
    return sum;
  }

  static void gate(Activation activation, float[] gate, float[] up, int at, int n) {
    int i = at;
    for (; i + L <= at + n; i += L) {
      curve(activation, FloatVector.fromArray(F, gate, i))
          .mul(FloatVector.fromArray(F, up, i))
          .intoArray(gate, i);
    }
    if (i < at + n) {
      VectorMask<Float> rest = rest(at + n - i);
      curve(activation, FloatVector.fromArray(F, gate, i, rest))
          .mul(FloatVector.fromArray(F, up, i, rest))
          .intoArray(gate, i, rest);
    }
  }

  static void activate(Activation activation, float[] x, int at, int n) {
    int i = at;
    for (; i + L <= at + n; i += L) {
      curve(activation, FloatVector.fromArray(F, x, i)).intoArray(x, i);
    }
    if (i < at + n) {
      VectorMask<Float> rest = rest(at + n - i);
      curve(activation, FloatVector.fromArray(F, x, i, rest)).intoArray(x, i, rest);
    }
  }

  private static FloatVector curve(Activation activation, FloatVector x) {
    return switch (activation) {
      case SILU -> x.mul(Lanes.sigmoid(x));
      case GELU_TANH -> {
        // (1 + tanh(u)) / 2 = sigmoid(2 u), without the cancellation near -1
        FloatVector u = x.mul(x).mul(0.044715f).add(1f).mul(x).mul(2 * SQRT_2_OVER_PI);
        yield x.mul(Lanes.sigmoid(u));
      }
      case GELU -> x.mul(0.5f).mul(Erf.of(x.mul(SQRT_HALF)).add(1f));
      case RELU -> x.blend(0f, x.compare(VectorOperators.LT, 0f));
    };
  }

  static void add(float[] x, int at, float[] y, int yAt, int n, float factor) {
    FloatVector f = Lanes.splat(factor);
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector.fromArray(F, y, yAt + i)
          .fma(f, FloatVector.fromArray(F, x, at + i))
          .intoArray(x, at + i);
    }
    for (; i < n; i++) {
      x[at + i] = Math.fma(y[yAt + i], factor, x[at + i]);
    }
  }

  static void softmax(float[] x, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = at; i < at + n; i += L) {
      VectorMask<Float> mask = i + L <= at + n ? ALL : rest(at + n - i);
      FloatVector e = Lanes.exp(FloatVector.fromArray(F, x, i, mask).sub(max));
      e.intoArray(x, i, mask);
      sum += Lanes.sum(e.blend(0f, mask.not()));
    }
    float factor = (float) (1 / sum);
    for (int i = at; i < at + n; i++) {
      x[i] *= factor;
    }
  }

  static void softCap(float[] x, int at, int n, float cap) {
    int i = at;
    for (; i + L <= at + n; i += L) {
      capped(FloatVector.fromArray(F, x, i), cap).intoArray(x, i);
    }
    if (i < at + n) {
      VectorMask<Float> rest = rest(at + n - i);
      capped(FloatVector.fromArray(F, x, i, rest), cap).intoArray(x, i, rest);
    }
  }

  private static FloatVector capped(FloatVector x, float cap) {
    return Lanes.tanh(x.div(cap)).mul(cap);
  }
}
