package dev.farspan.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/// Attention of one row written out in plain loops, for random queries, keys and values (heads,
/// tokens, 4).
final class PlainAttention {
  private static final int DIM = 4;

  private final int heads;
  private final int tokens;
  private final double[] q;
  private final double[] k;
  private final double[] v;

  PlainAttention(int heads, int tokens) {
    this.heads = heads;
    this.tokens = tokens;
    this.q = random(1, heads * tokens * DIM);
    this.k = random(2, heads * tokens * DIM);
    this.v = random(3, heads * tokens * DIM);
  }

  static double[] random(int seed, int size) {
    return new Random(seed).doubles(size, -1, 1).toArray();
  }

  /// What is tested: (1, heads, tokens, 4) three times to the same once.
  interface Mix {
    Tensor of(Tensor q, Tensor k, Tensor v);
  }

  /// What defines it: the weights of the keys `0 .. i` of a query, from their products.
  interface Weights {
    double[] of(int head, double[] products);
  }

  /// Fails unless attention mixes the values by these weights.
  void matches(Mix attention, Weights definition) {
    float[] mixed = mixed(attention, k, v);
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < tokens; i++) {
        double[] products = new double[i + 1];
        for (int j = 0; j <= i; j++) {
          products[j] = product(at(head, i), at(head, j));
        }
        double[] weights = definition.of(head, products);
        for (int d = 0; d < DIM; d++) {
          double expected = 0;
          for (int j = 0; j <= i; j++) {
            expected += weights[j] * v[at(head, j) + d];
          }
          // Computed in double, read as float.
          assertThat((double) mixed[at(head, i) + d]).isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  /// Fails unless what a token is changes nothing before it.
  void hidesTheFuture(Mix attention) {
    float[] before = mixed(attention, k, v);
    for (int changed = 0; changed < tokens; changed++) {
      float[] after = mixed(attention, with3At(k, changed), with3At(v, changed));
      for (int head = 0; head < heads; head++) {
        for (int x = at(head, 0); x < at(head, changed); x++) {
          assertThat(after[x]).isEqualTo(before[x]);
        }
      }
    }
  }

  private double[] with3At(double[] values, int token) {
    double[] changed = values.clone();
    for (int head = 0; head < heads; head++) {
      Arrays.fill(changed, at(head, token), at(head, token + 1), 3);
    }
    return changed;
  }

  private float[] mixed(Mix attention, double[] keys, double[] values) {
    try (PointerScope _ = new PointerScope()) {
      return Torch.toFloats(attention.of(tensor(q), tensor(keys), tensor(values)));
    }
  }

  private Tensor tensor(double[] values) {
    return Torch.doubles(values, 1, heads, tokens, DIM);
  }

  private int at(int head, int token) {
    return (head * tokens + token) * DIM;
  }

  private double product(int query, int key) {
    double sum = 0;
    for (int d = 0; d < DIM; d++) {
      sum += q[query + d] * k[key + d];
    }
    return sum;
  }

  /// Fails unless the gradients of a curved function of what attention gives are those of finite
  /// differences, for queries, keys and values alike.
  static void hasGradients(Mix attention, int heads, int tokens) {
    int size = heads * tokens * DIM;
    double[] weights = random(5, size);
    new FiniteDifferences(
            all -> {
              Tensor mixed = attention.of(all.select(0, 0), all.select(0, 1), all.select(0, 2));
              return mixed.mul(mixed).mul(Torch.doubles(weights, 1, heads, tokens, DIM)).sum();
            },
            3,
            1,
            heads,
            tokens,
            DIM)
        .agree(random(4, 3 * size), 1e-6);
  }
}
