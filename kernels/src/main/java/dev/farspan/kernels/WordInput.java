package dev.farspan.kernels;

import static dev.farspan.kernels.Narrow.F;
import static dev.farspan.kernels.Narrow.L;

import dev.farspan.tensor.DType;
import jdk.incubator.vector.FloatVector;

/// The input of a product with 4-bit or 6-bit weights, laid out once per product as [Words] and
/// [SixBits] unpack the weights, followed by its sums over the elements that share a scale, which
/// the minima multiply.
final class WordInput {
  private WordInput() {}

  static boolean has(DType dtype) {
    return dtype == DType.Q4_0 || dtype == DType.Q4_1 || dtype == DType.Q4_K || dtype == DType.Q6_K;
  }

  /// How many floats [#write] needs for `k` elements.
  static int size(int k) {
    return k + k / 16;
  }

  /// Writes the input in the order of the weights and, from index `k` on, its sums.
  static void write(DType dtype, float[] x, int k, float[] out) {
    switch (dtype) {
      case Q4_0, Q4_1 -> {
        nested(x, k, out);
        for (int b = 0; b < k / 32; b++) {
          out[k + b] = sum(x, 32 * b, 32);
        }
      }
      case Q4_K -> {
        pairs(x, k, out);
        for (int b = 0; b < k / 32; b++) {
          out[k + GroupScales.slot(b)] = sum(x, 32 * b, 32);
        }
      }
      case Q6_K -> {
        SixBits.order(x, k, out);
        for (int b = 0; b < k / 16; b++) {
          out[k + GroupScales.slot(b)] = sum(x, 16 * b, 16);
        }
      }
      case F32, F16, BF16, F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q5_K ->
          throw new IllegalArgumentException(dtype + " is read in its own order");
    }
  }

  /// Word `j` of a block holds elements `2j`, `16 + 2j`, `2j + 1` and `17 + 2j`, lowest first.
  private static void nested(float[] x, int k, float[] out) {
    for (int block = 0; block < k; block += 32) {
      for (int j = 0; j < 8; j++) {
        int from = block + 2 * j;
        int to = block + j / L * 4 * L + j % L;
        float b = x[from + 16] / 16;
        float c = x[from + 1] / 256;
        float d = x[from + 17] / 4096;
        out[to] = d;
        out[to + L] = c - d;
        out[to + 2 * L] = b - c;
        out[to + 3 * L] = x[from] - b;
      }
    }
  }

  /// Word `j` of 32 bytes holds elements `2j`, `32 + 2j`, `2j + 1` and `33 + 2j`, lowest first.
  private static void pairs(float[] x, int k, float[] out) {
    for (int run = 0; run < k; run += 64) {
      for (int j = 0; j < 16; j++) {
        int from = run + 2 * j;
        int to = run + j / L * 4 * L + j % L;
        float c = x[from + 1] / 256;
        float d = x[from + 33] / 4096;
        out[to] = c;
        out[to + L] = x[from] - c;
        out[to + 2 * L] = d;
        out[to + 3 * L] = x[from + 32] / 16 - d;
      }
    }
  }

  private static float sum(float[] x, int at, int n) {
    FloatVector sum = FloatVector.fromArray(F, x, at);
    for (int i = L; i < n; i += L) {
      sum = sum.add(FloatVector.fromArray(F, x, at + i));
    }
    return Narrow.sum(sum);
  }
}
