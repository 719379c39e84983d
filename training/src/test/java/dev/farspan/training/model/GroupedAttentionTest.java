package dev.farspan.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.attention.GroupedSoftmax;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupedAttentionTest {
  private static final int HEADS = 2;
  private static final int DIM = 4;

  private static double[] random(int seed, int size) {
    return new Random(seed).doubles(size, -1, 1).toArray();
  }

  private static Tensor tensor(double[] values, int tokens) {
    return Torch.doubles(values, 1, HEADS, tokens, DIM);
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 0", "4, 3, 0", "8, 3, 0", "11, 3, 0", "11, 3, 0.5", "7, 1, 0", "5, 20, 0"})
  void itIsTheDefinition(int tokens, int block, double softCap) {
    int size = HEADS * tokens * DIM;
    double[] q = random(1, size);
    double[] k = random(2, size);
    double[] v = random(3, size);
    GroupedAttention attention = new GroupedAttention(block, 2.5, softCap);
    float[] mixed;
    try (PointerScope _ = new PointerScope()) {
      mixed =
          Torch.toFloats(attention.mix(tensor(q, tokens), tensor(k, tokens), tensor(v, tokens)));
    }
    for (int head = 0; head < HEADS; head++) {
      for (int i = 0; i < tokens; i++) {
        double[] scores = new double[i + 1];
        for (int j = 0; j <= i; j++) {
          double score = 2.5 * dot(q, (head * tokens + i) * DIM, k, (head * tokens + j) * DIM);
          scores[j] = softCap == 0 ? score : softCap * Math.tanh(score / softCap);
        }
        double[] weights = GroupedSoftmax.weights(scores, block);
        for (int d = 0; d < DIM; d++) {
          double expected = 0;
          for (int j = 0; j <= i; j++) {
            expected += weights[j] * v[(head * tokens + j) * DIM + d];
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

  /// A curved function of what attention gives for queries, keys and values one after the other.
  private static Tensor loss(Tensor all, double[] weights, int tokens) {
    Tensor mixed =
        new GroupedAttention(2, 1.5, 0).mix(all.select(0, 0), all.select(0, 1), all.select(0, 2));
    return mixed.mul(mixed).mul(tensor(weights, tokens)).sum();
  }

  private static double value(double[] all, double[] weights, int tokens) {
    try (PointerScope _ = new PointerScope()) {
      return loss(Torch.doubles(all, 3, 1, HEADS, tokens, DIM), weights, tokens).item_double();
    }
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    int tokens = 10; // three blocks of two and their landmarks, and one token more
    double[] all = random(4, 3 * HEADS * tokens * DIM);
    double[] weights = random(5, HEADS * tokens * DIM);
    double[] kept = Arrays.copyOf(all, all.length);
    try (PointerScope _ = new PointerScope()) {
      Tensor x = Torch.doubles(all, 3, 1, HEADS, tokens, DIM).requires_grad_(true);
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
