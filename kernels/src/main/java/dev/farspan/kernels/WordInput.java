package dev.farspan.kernels;

import static dev.farspan.kernels.Narrow.F;
import static dev.farspan.kernels.Narrow.L;

import dev.farspan.tensor.DType;
import jdk.incubator.vector.FloatVector;

/// The input of a product with quantised weights, laid out once per product as [Words] and
/// [SixBits] unpack the weights, followed by its sums over the elements that share a scale, which
/// the minima multiply.
final class WordInput {
  private WordInput() {}

  static boolean has(DType dtype) {
    return switch (dtype) {
      case Q8_0, Q4_0, Q4_1, Q4_K, Q6_K -> true;
      case F32, F16, BF16, F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K -> false;
    };
  }

  /// How many floats [#write] needs for `k` elements.
  static int size(int k) {
    return k + k / 32 * Math.max(2, L);
  }

  /// Writes the input in the order of the weights and, from index `k` on, its sums.
  static void write(DType dtype, float[] x, int k, float[] out) {
    switch (dtype) {
      case Q8_0 -> scaled(x, k, out);
      case Q4_0, Q4_1 -> {
        nested(x, k, out);
        for (int b = 0; b < k / 32; b++) {
          lanes(x, 32 * b, 32).mul(HalfScales.INPUT).intoArray(out, k + L * b);
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
      case F32, F16, BF16, F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K ->
          throw new IllegalArgumentException(dtype + " is read in its own order");
    }
  }

  private static void scaled(float[] x, int k, float[] out) {
    for (int i = 0; i < k; i++) {
      out[i] = x[i] * HalfScales.INPUT;
    }
  }

  /// Word `j` of a block holds elements `2j`, `16 + 2j`, `2j + 1` and `17 + 2j`, lowest first. In
  /// [PairedWords] the words of two blocks stand side by side.
  private static void nested(float[] x, int k, float[] out) {
    boolean paired = PairedWords.suit(k);
    int apart = paired ? 16 : L;
    for (int block = 0; block < k; block += 32) {
      int start = paired ? block / 64 * 64 + block % 64 / 4 : block;
      for (int j = 0; j < 8; j++) {
        int from = block + 2 * j;
        int to = start + j / L * 4 * L + j % L;
        float a = x[from] * HalfScales.INPUT;
        float b = x[from + 16] * (HalfScales.INPUT / 16);
        float c = x[from + 1] * (HalfScales.INPUT / 256);
        float d = x[from + 17] * (HalfScales.INPUT / 4096);
        out[to] = d;
        out[to + apart] = c - d;
        out[to + 2 * apart] = b - c;
        out[to + 3 * apart] = a - b;
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
    return Narrow.sum(lanes(x, at, n));
  }

  /// Returns sums of every L-th element.
  private static FloatVector lanes(float[] x, int at, int n) {
    FloatVector sum = FloatVector.fromArray(F, x, at);
    for (int i = L; i < n; i += L) {
      sum = sum.add(FloatVector.fromArray(F, x, at + i));
    }
    return sum;
  }
}
