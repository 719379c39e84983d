package dev.farspan.training.model;

import dev.farspan.context.attention.GroupedSoftmax;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupedAttentionTest {
  @ParameterizedTest
  @CsvSource({"1, 3, 0", "4, 3, 0", "8, 3, 0", "11, 3, 0", "11, 3, 0.5", "7, 1, 0", "5, 20, 0"})
  void itIsTheDefinition(int tokens, int block, double softCap) {
    new PlainAttention(2, tokens)
        .matches(
            new GroupedAttention(block, 2.5, softCap)::mix,
            (_, products) ->
                GroupedSoftmax.weights(
                    Arrays.stream(products)
                        .map(p -> 2.5 * p)
                        .map(score -> softCap == 0 ? score : softCap * Math.tanh(score / softCap))
                        .toArray(),
                    block));
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    // three blocks of two and their landmarks, and one token more
    PlainAttention.hasGradients(new GroupedAttention(2, 1.5, 0)::mix, 2, 10);
  }
}
