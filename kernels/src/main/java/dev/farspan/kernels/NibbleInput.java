package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;

import dev.farspan.tensor.DType;
import jdk.incubator.vector.FloatVector;

/// The input of a product with 4-bit or 6-bit weights, laid out once per product as [Nibbles]
/// unpacks the weights, followed by its sums over the elements that share a scale.
///
/// Where a nibble stays at its place in a word, its input carries the power of two that undoes
/// this; such products are exact, so nothing is lost.
final class NibbleInput {
  /// Input of Q4_0 and Q4_1 is multiplied by this, the result by [#RESULT]: their scales are short
  /// of 2^112 (see [Nibbles]). Halves of that each way keep every number well inside the floats.
  private static final float INPUT = 0x1p64f;

  static final float RESULT = 0x1p48f;

  private static final Order SIXTEEN = new Order(16, true);
  private static final Order THIRTY_TWO = new Order(32, true);
  private static final Order SIXTY_FOUR = new Order(64, false);

  private NibbleInput() {}

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
      case Q4_0 -> {
        SIXTEEN.write(x, k, INPUT, out);
        sums(x, k, 32, -8 * INPUT / L, false, out); // an element is scale * (nibble - 8)
      }
      case Q4_1 -> {
        SIXTEEN.write(x, k, INPUT, out);
        sums(x, k, 32, INPUT / L, false, out); // every lane adds its share of the minimum
      }
      case Q4_K -> {
        THIRTY_TWO.write(x, k, 1, out);
        sums(x, k, 32, 1, true, out);
      }
      case Q6_K -> {
        SIXTY_FOUR.write(x, k, 1, out);
        sums(x, k, 16, 1, true, out);
      }
      case F32, F16, BF16, F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q5_K ->
          throw new IllegalArgumentException(dtype + " has no nibbles");
    }
  }

  private static void sums(float[] x, int k, int group, float factor, boolean slots, float[] out) {
    for (int b = 0; b < k / group; b++) {
      FloatVector sum = FloatVector.fromArray(F, x, group * b);
      for (int i = L; i < group; i += L) {
        sum = sum.add(FloatVector.fromArray(F, x, group * b + i));
      }
      out[k + (slots ? GroupScales.slot(b) : b)] = factor * Lanes.sum(sum);
    }
  }

  /// Which element comes at which place, the same in every run of elements.
  private static final class Order {
    private final int[] elements;
    private final float[] factors;

    /// `apart` elements lie between that of the low nibble of a byte and that of its high nibble.
    Order(int apart, boolean inPlace) {
      elements = new int[2 * apart];
      factors = new float[2 * apart];
      for (int i = 0; i < 2 * apart; i++) {
        int slot = i % 16; // of 8 bytes
        int nibble = slot / L * (L / 2) + slot % L / 2;
        elements[i] = nibble % 2 * apart + 8 * (i / 16) + 4 * (slot % 2) + nibble / 2;
        factors[i] = inPlace ? 1f / (1 << Nibbles.place(slot % L)) : 1;
      }
    }

    void write(float[] x, int k, float factor, float[] out) {
      for (int run = 0; run < k; run += elements.length) {
        for (int i = 0; i < elements.length; i++) {
          out[run + i] = x[run + elements[i]] * factors[i] * factor;
        }
      }
    }
  }
}
