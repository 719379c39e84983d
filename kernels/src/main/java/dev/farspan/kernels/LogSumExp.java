package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The normaliser of a softmax, over vectors.
final class LogSumExp {
  // Lanes add up this many vectors in float, whose rounding then stays below 256 * 2^-24; the
  // chunks are added in double.
  private static final int CHUNK = 256 * L;

  private LogSumExp() {}

  static double of(float[] x, int at, int n) {
    float max = max(x, at, n);
    if (max == Float.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    int i = at;
    for (int whole = at + n - n % L; i < whole; i += CHUNK) {
      sum += chunk(x, i, Math.min(i + CHUNK, whole), max);
    }
    for (i = at + n - n % L; i < at + n; i++) {
      sum += Math.exp((double) x[i] - max);
    }
    return max + Math.log(sum);
  }

  private static float max(float[] x, int at, int n) {
    FloatVector m0 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector m1 = m0;
    int i = at;
    for (; i + 2 * L <= at + n; i += 2 * L) {
      m0 = m0.max(FloatVector.fromArray(F, x, i));
      m1 = m1.max(FloatVector.fromArray(F, x, i + L));
    }
    float max = m0.max(m1).reduceLanes(VectorOperators.MAX);
    for (; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  /// Returns the sum of `exp(x - max)` over whole vectors.
  private static double chunk(float[] x, int from, int to, float max) {
    FloatVector sum = FloatVector.zero(F);
    for (int i = from; i < to; i += L) {
      sum = sum.add(Lanes.exp(FloatVector.fromArray(F, x, i).sub(max)));
    }
    return Lanes.sum(sum);
  }
}
