package dev.farspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.training.SmallModel;
import dev.farspan.training.data.Example;
import dev.farspan.training.data.ExampleSource;
import dev.farspan.training.model.FirstValues;
import dev.farspan.training.model.MemoryTokens;
import dev.farspan.training.model.Parameters;
import dev.farspan.training.model.Torch;
import dev.farspan.training.model.TorchModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training on examples that are read segment by segment.
class SegmentedTrainingTest {
  private static final int STEPS = 300;
  private static final int ALL = Integer.MAX_VALUE;

  @TempDir Path directory;

  @BeforeAll
  static void oneThread() {
    Torch.threads(1);
  }

  private static TrainingPlan plan(int steps, Stage stage, Reading reading) {
    return new TrainingPlan(
        steps,
        List.of(stage),
        new Optimisation(new LearningRate(1e-2, 0.1, 3, LearningRate.Shape.LINEAR), 0.01, 1, 1),
        new Positions.Consecutive(),
        reading,
        4,
        5);
  }

  private static TorchModel model() {
    Parameters parameters = FirstValues.of(SmallModel.CONFIG, 3);
    MemoryTokens.add(parameters, 4, 5);
    TorchModel model = TorchModel.of(SmallModel.CONFIG, parameters, ScalarType.Float);
    model.parameters().train(_ -> true);
    return model;
  }

  private static float[] run(
      TrainingPlan plan, ExampleSource source, Path where, boolean resume, int killAfter) {
    try (TorchModel model = model()) {
      return new Trainer(model, source, SmallModel.TABLES, plan)
          .run(where, resume, killing(killAfter));
    }
  }

  private static TrainingListener killing(int after) {
    return new TrainingListener() {
      @Override
      public void step(int step, double loss, long tokens) {
        if (step == after) {
          throw new IllegalStateException("killed");
        }
      }

      @Override
      public void checkpoint(int step) {}
    };
  }

  @Test
  void aRunThatWasKilledGoesOnWithTheSameLosses() throws IOException {
    TrainingPlan plan = plan(10, new Stage(1, 40, 3), new Reading.Segments(12, 4, 2, 2));
    Path whole = Files.createDirectory(directory.resolve("whole"));
    float[] unbroken = run(plan, SmallModel.REPEATS, whole, false, -1);
    Path broken = Files.createDirectory(directory.resolve("broken"));
    assertThatThrownBy(() -> run(plan, SmallModel.REPEATS, broken, false, 6)).hasMessage("killed");
    assertThat(run(plan, SmallModel.REPEATS, broken, true, -1)).isEqualTo(unbroken);
    assertThat(
            Files.mismatch(whole.resolve(TrainingState.FILE), broken.resolve(TrainingState.FILE)))
        .isEqualTo(-1);
  }

  /// Sixteen random tokens and the same again: what the second segment is can be known from the
  /// summary of the first alone.
  private static Example twice(java.util.random.RandomGenerator random, int length) {
    int[] ids = new int[length + 1];
    int half = (length + 1) / 2;
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i < half ? 1 + random.nextInt(4) : ids[i - half];
    }
    float[] weights = new float[length];
    Arrays.fill(weights, half, length, 1); // the second half but its first token
    return new Example(ids, weights);
  }

  @Test
  void whatASegmentWasIsLearntThroughItsSummaryAlone() throws IOException {
    Reading segments = new Reading.Segments(6, 0, ALL, 2);
    float[] losses =
        run(
            plan(STEPS, new Stage(1, 11, 16), segments),
            SegmentedTrainingTest::twice,
            directory,
            false,
            -1);
    // Six of four equally likely tokens, of which five are predicted: without the past the second
    // half stays at ln 4 = 1.386 but for what it repeats of itself, which is nothing.
    assertThat(losses[0]).isGreaterThan(1.3f);
    assertThat(
            IntStream.range(STEPS - 20, STEPS).mapToDouble(i -> losses[i]).average().orElseThrow())
        .isLessThan(1.2);
  }

  /// A loss is that of the segments whatever the gradients' way; the gradients differ where they
  /// are cut, and so does the second step.
  @Test
  void cuttingTheGraphChangesGradientsAndNotLosses() throws IOException {
    float[][] losses = new float[3][];
    int[] backprop = {1, 2, 50};
    for (int i = 0; i < 3; i++) {
      losses[i] =
          run(
              plan(2, new Stage(1, 40, 3), new Reading.Segments(8, 0, ALL, backprop[i])),
              SmallModel.REPEATS,
              Files.createDirectory(directory.resolve("cut" + i)),
              false,
              -1);
    }
    // Sums of the same losses in another order, in float32.
    assertThat(losses[0][0]).isCloseTo(losses[2][0], within(1e-6f));
    assertThat(losses[1][0]).isCloseTo(losses[2][0], within(1e-6f));
    assertThat(losses[0][1]).isNotEqualTo(losses[2][1]);
  }

  @Test
  void segmentsCoverAnExampleAndVary() {
    Reading.Segments segments = new Reading.Segments(16, 5, 1, 2);
    int[] seen = new int[22];
    for (int seed = 0; seed < 200; seed++) {
      List<Integer> lengths = segments.draw(new SplittableRandom(seed), 100);
      assertThat(lengths.stream().mapToInt(n -> n).sum()).isEqualTo(100);
      for (int length : lengths.subList(0, lengths.size() - 1)) {
        assertThat(length).isBetween(11, 21);
        seen[length]++;
      }
      assertThat(lengths.getLast()).isBetween(1, 21);
    }
    assertThat(Arrays.copyOfRange(seen, 11, 22)).doesNotContain(0);
    assertThat(IntStream.range(0, 9).filter(segments::cutsAfter)).containsExactly(2, 5, 8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Reading.Segments(16, 16, 1, 2))
        .withMessageContaining("variation below their length");
  }
}
