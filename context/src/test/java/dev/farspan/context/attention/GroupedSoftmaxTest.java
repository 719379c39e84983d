package dev.farspan.context.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupedSoftmaxTest {
  /// Sums of some dozen doubles of at most 1.
  private static final double ROUNDING = 1e-13;

  private static double[] scores(int keys) {
    return new Random(keys).doubles(keys, -4, 4).toArray();
  }

  @Test
  void weightsSumToOneAndOtherLandmarksHaveNone() {
    for (int keys = 1; keys < 40; keys++) {
      double[] weights = GroupedSoftmax.weights(scores(keys), 4);
      assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(ROUNDING));
      for (int j = 0; j < keys; j++) {
        boolean otherLandmark = j % 5 == 4 && j / 5 != (keys - 1) / 5;
        assertThat(weights[j] == 0).as("key %d of %d", j, keys).isEqualTo(otherLandmark);
      }
    }
  }

  @Test
  void insideOneBlockItIsTheOrdinarySoftmax() {
    double[] scores = scores(5); // four tokens, and their landmark as the query
    double sum = Arrays.stream(scores).map(Math::exp).sum();
    double[] weights = GroupedSoftmax.weights(scores, 4);
    for (int j = 0; j < 5; j++) {
      assertThat(weights[j]).isCloseTo(Math.exp(scores[j]) / sum, within(ROUNDING));
    }
  }

  @Test
  void anotherBlockIsEnteredThroughItsLandmark() {
    // Blocks of two: tokens of 1 and 2 before a landmark of 3, then a block of one token of 4.
    double[] weights = GroupedSoftmax.weights(new double[] {1, 2, 3, 4}, 2);
    double landmark = Math.exp(3) / (Math.exp(3) + Math.exp(4));
    double first = Math.E / (Math.E + Math.exp(2));
    assertThat(weights)
        .containsExactly(
            new double[] {landmark * first, landmark * (1 - first), 0, 1 - landmark},
            within(ROUNDING));
  }

  @Test
  void aHiddenBlockIsAsIfItWereNotThere() {
    double[] scores = scores(14);
    double[] hidden = scores.clone();
    Arrays.fill(hidden, 5, 10, Double.NEGATIVE_INFINITY);
    double[] without = new double[9];
    System.arraycopy(scores, 0, without, 0, 5);
    System.arraycopy(scores, 10, without, 5, 4);
    double[] expected = GroupedSoftmax.weights(without, 4);
    double[] weights = GroupedSoftmax.weights(hidden, 4);
    assertThat(Arrays.copyOf(weights, 5))
        .containsExactly(Arrays.copyOf(expected, 5), within(ROUNDING));
    assertThat(Arrays.copyOfRange(weights, 10, 14))
        .containsExactly(Arrays.copyOfRange(expected, 5, 9), within(ROUNDING));
    assertThat(Arrays.copyOfRange(weights, 5, 10)).containsOnly(0);
  }
}
