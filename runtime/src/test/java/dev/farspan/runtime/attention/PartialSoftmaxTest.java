package dev.farspan.runtime.attention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartialSoftmaxTest {
  private static final float NOTHING = Float.NEGATIVE_INFINITY;

  private static PartialSoftmax part(float max, float sum, float out) {
    return softmax(new float[] {max}, new float[] {sum}, new float[] {out, out});
  }

  private static PartialSoftmax softmax(float[] max, float[] sum, float[] out) {
    PartialSoftmax softmax = new PartialSoftmax();
    softmax.max = max;
    softmax.sum = sum;
    softmax.out = out;
    return softmax;
  }

  /// The kernels leave the largest score alone where all scores of a tile are NaN.
  @Test
  void aPartOfNanScoresSpoilsTheWhole() {
    float[] out = new float[2];
    float[] max = {1};
    float[] sum = {1};
    PartialSoftmax all = softmax(max, sum, out);
    all.merge(part(NOTHING, Float.NaN, Float.NaN), 1, 2);
    assertThat(sum[0]).isNaN();
    assertThat(out).containsOnly(Float.NaN);
  }

  @Test
  void aPartThatSawNoKeyChangesNothing() {
    float[] max = {1};
    float[] sum = {1.5f};
    float[] out = {3, 4};
    softmax(max, sum, out).merge(part(NOTHING, 0, 0), 1, 2);
    assertThat(max).containsExactly(1);
    assertThat(sum).containsExactly(1.5f);
    assertThat(out).containsExactly(3, 4);
  }

  @Test
  void nothingTakesOverWhatAPartSaw() {
    float[] max = {NOTHING};
    float[] sum = {0};
    float[] out = {0, 0};
    softmax(max, sum, out).merge(part(2, 1.5f, 3), 1, 2);
    assertThat(max).containsExactly(2);
    assertThat(sum).containsExactly(1.5f);
    assertThat(out).containsExactly(3, 3);
  }
}
