package dev.farspan.training.model;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShiftedAttentionTest {
  /// Whether two tokens are of one group; half a group is the smallest part there is.
  private static boolean together(int i, int j, int half, boolean shifted) {
    int move = shifted ? half : 0;
    return (i + move) / (2 * half) == (j + move) / (2 * half);
  }

  @ParameterizedTest
  @CsvSource({"2, 16, 4", "2, 8, 4", "3, 16, 4", "1, 16, 2", "2, 13, 4", "4, 24, 3", "2, 5, 4"})
  void itIsTheDefinition(int heads, int tokens, int groups) {
    int half = Math.ceilDiv(tokens, 2 * groups);
    new PlainAttention(heads, tokens)
        .matches(
            new ShiftedAttention(groups, 1.5)::mix,
            (head, products) -> {
              int i = products.length - 1;
              double[] weights = new double[i + 1];
              for (int j = 0; j <= i; j++) {
                if (together(i, j, half, head >= Math.ceilDiv(heads, 2))) {
                  weights[j] = Math.exp(1.5 * products[j]);
                }
              }
              double sum = Arrays.stream(weights).sum();
              return Arrays.stream(weights).map(weight -> weight / sum).toArray();
            });
  }

  @Test
  void nobodySeesTheFuture() {
    new PlainAttention(2, 16).hidesTheFuture(new ShiftedAttention(4, 1)::mix);
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    // 11 tokens: the last group is not full
    PlainAttention.hasGradients(new ShiftedAttention(2, 1.5)::mix, 2, 11);
  }
}
