package dev.farspan.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final long[] SHAPE = {2, 3, 4, 10};
  private static final int[][] POSITIONS = {{0, 1, 7, 900}, {3, 4, 5, 2047}};
  private static final RopeTable YARN =
      RopeTables.of(
          new FrequencyPolicy.Yarn(8, 0, YarnRamp.DEFAULT, new YarnTemperature.FromFactor()),
          new RopeBase(8, 10_000, 256),
          2048);

  /// A curved function of the rotated heads, so that every element has a gradient of its own.
  private static Tensor loss(Tensor x, double[] weights) {
    Tensor rotated = Rotation.of(YARN, POSITIONS, ScalarType.Double).apply(x);
    return rotated.mul(rotated).mul(rotated).mul(Torch.doubles(weights, SHAPE)).sum();
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    int size = 2 * 3 * 4 * 10;
    Random random = new Random(1);
    double[] heads = random.doubles(size, -1, 1).toArray();
    double[] weights = random.doubles(size, -1, 1).toArray();
    // The gradient is read as a float, with 1e-7 of its size of about 3.
    new FiniteDifferences(x -> loss(x, weights), SHAPE).agree(heads, 2e-6);
  }

  @Test
  void aScoreDependsOnTheDistanceAloneAndGrowsByTheSquareOfTheFactor() {
    try (PointerScope _ = new PointerScope()) {
      double near = score(100, 90);
      assertThat(score(1100, 1090)).isCloseTo(near, within(1e-9));
      double still = score(5, 5);
      assertThat(still)
          .isCloseTo(8 * YARN.attentionFactor() * YARN.attentionFactor(), within(1e-9));
    }
  }

  private static double score(int query, int key) {
    double[] ones = new double[8];
    java.util.Arrays.fill(ones, 1);
    Tensor q = rotated(ones, query);
    return q.mul(rotated(ones, key)).sum().item_double();
  }

  private static Tensor rotated(double[] head, int position) {
    return Rotation.of(YARN, new int[][] {{position}}, ScalarType.Double)
        .apply(Torch.doubles(head, 1, 1, 1, 8));
  }
}
