package dev.farspan.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShiftedAttentionTest {
  private static final int DIM = 4;

  private static double[] random(int seed, int size) {
    return new Random(seed).doubles(size, -1, 1).toArray();
  }

  private static float[] mix(
      ShiftedAttention attention, double[] q, double[] k, double[] v, int heads, int tokens) {
    long[] shape = {1, heads, tokens, DIM};
    try (PointerScope _ = new PointerScope()) {
      return Torch.toFloats(
          attention.mix(Torch.doubles(q, shape), Torch.doubles(k, shape), Torch.doubles(v, shape)));
    }
  }

  /// Whether two tokens are of one group; half a group is the smallest part there is.
  private static boolean together(int i, int j, int half, boolean shifted) {
    int move = shifted ? half : 0;
    return (i + move) / (2 * half) == (j + move) / (2 * half);
  }

  @ParameterizedTest
  @CsvSource({"2, 16, 4", "2, 8, 4", "3, 16, 4", "1, 16, 2", "2, 13, 4", "4, 24, 3", "2, 5, 4"})
  void itIsTheDefinition(int heads, int tokens, int groups) {
    double[] q = random(1, heads * tokens * DIM);
    double[] k = random(2, heads * tokens * DIM);
    double[] v = random(3, heads * tokens * DIM);
    float[] mixed = mix(new ShiftedAttention(groups, 1.5), q, k, v, heads, tokens);
    int half = Math.ceilDiv(tokens, 2 * groups);
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < tokens; i++) {
        double[] weights = new double[i + 1];
        for (int j = 0; j <= i; j++) {
          if (together(i, j, half, head >= Math.ceilDiv(heads, 2))) {
            weights[j] =
                Math.exp(1.5 * dot(q, (head * tokens + i) * DIM, k, (head * tokens + j) * DIM));
          }
        }
        double sum = Arrays.stream(weights).sum();
        for (int d = 0; d < DIM; d++) {
          double expected = 0;
          for (int j = 0; j <= i; j++) {
            expected += weights[j] / sum * v[(head * tokens + j) * DIM + d];
          }
          // Computed in double, read as float.
          assertThat((double) mixed[(head * tokens + i) * DIM + d])
              .isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  private static double dot(double[] a, int at, double[] b, int bt) {
    double sum = 0;
    for (int d = 0; d < DIM; d++) {
      sum += a[at + d] * b[bt + d];
    }
    return sum;
  }

  @Test
  void nobodySeesTheFuture() {
    int tokens = 16;
    double[] q = random(1, 2 * tokens * DIM);
    double[] k = random(2, 2 * tokens * DIM);
    double[] v = random(3, 2 * tokens * DIM);
    ShiftedAttention attention = new ShiftedAttention(4, 1);
    float[] before = mix(attention, q, k, v, 2, tokens);
    for (int changed = 0; changed < tokens; changed++) {
      double[] keys = k.clone();
      double[] values = v.clone();
      for (int head = 0; head < 2; head++) {
        Arrays.fill(keys, (head * tokens + changed) * DIM, (head * tokens + changed + 1) * DIM, 3);
        Arrays.fill(
            values, (head * tokens + changed) * DIM, (head * tokens + changed + 1) * DIM, 3);
      }
      float[] after = mix(attention, q, keys, values, 2, tokens);
      for (int head = 0; head < 2; head++) {
        int at = head * tokens * DIM;
        assertThat(Arrays.copyOfRange(after, at, at + changed * DIM))
            .isEqualTo(Arrays.copyOfRange(before, at, at + changed * DIM));
      }
    }
  }

  private static Tensor loss(Tensor all, double[] weights, int tokens) {
    Tensor mixed =
        new ShiftedAttention(2, 1.5).mix(all.select(0, 0), all.select(0, 1), all.select(0, 2));
    return mixed.mul(mixed).mul(Torch.doubles(weights, 1, 2, tokens, DIM)).sum();
  }

  private static double value(double[] all, double[] weights, int tokens) {
    try (PointerScope _ = new PointerScope()) {
      return loss(Torch.doubles(all, 3, 1, 2, tokens, DIM), weights, tokens).item_double();
    }
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    int tokens = 11; // the last group is not full
    double[] all = random(4, 3 * 2 * tokens * DIM);
    double[] weights = random(5, 2 * tokens * DIM);
    double[] kept = all.clone();
    try (PointerScope _ = new PointerScope()) {
      Tensor x = Torch.doubles(all, 3, 1, 2, tokens, DIM).requires_grad_(true);
      loss(x, weights, tokens).backward();
      float[] gradient = Torch.toFloats(x.grad());
      double h = 1e-5;
      for (int i = 0; i < all.length; i++) {
        all[i] = kept[i] + h;
        double above = value(all, weights, tokens);
        all[i] = kept[i] - h;
        double below = value(all, weights, tokens);
        all[i] = kept[i];
        // Central differences err by h^2 = 1e-10 times third derivatives; the gradient is read as
        // a float.
        assertThat((double) gradient[i]).isCloseTo((above - below) / (2 * h), within(1e-6));
      }
    }
  }
}
