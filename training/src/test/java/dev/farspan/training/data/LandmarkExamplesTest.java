package dev.farspan.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.model.TrainedMemory.Landmarks;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LandmarkExamplesTest {
  private static final ExampleSource COUNTING =
      (random, length) -> {
        int[] ids = new int[length + 1];
        float[] weights = new float[length];
        for (int i = 0; i < length; i++) {
          ids[i + 1] = i + 1;
          weights[i] = i + 1; // of the prediction of token i + 1
        }
        return new Example(ids, weights);
      };

  private static Example draw(int block, int length) {
    return new LandmarkExamples(COUNTING, new Landmarks(block, 99))
        .draw(new SplittableRandom(1), length);
  }

  @Test
  void aLandmarkFollowsEveryBlockAndIsNotToBePredicted() {
    Example example = draw(3, 9);
    assertThat(example.ids()).containsExactly(0, 1, 2, 99, 3, 4, 5, 99, 6, 7);
    // What is predicted at a landmark is the token after it.
    assertThat(example.weights()).containsExactly(1, 2, 0, 3, 4, 5, 0, 6, 7);
  }

  @Test
  void anExampleMayEndWithALandmark() {
    Example example = draw(3, 7);
    assertThat(example.ids()).containsExactly(0, 1, 2, 99, 3, 4, 5, 99);
    assertThat(example.weights()).containsExactly(1, 2, 0, 3, 4, 5, 0);
  }

  @Test
  void withoutAFullBlockItIsTheSourcesOwn() {
    assertThat(draw(50, 9).ids()).isEqualTo(COUNTING.draw(new SplittableRandom(1), 9).ids());
  }
}
