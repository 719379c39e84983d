package dev.farspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.training.SmallModel;
import dev.farspan.training.model.FirstValues;
import dev.farspan.training.model.LowRank;
import dev.farspan.training.model.Torch;
import dev.farspan.training.model.TorchModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

  @TempDir Path directory;

  @BeforeAll
  static void oneThread() {
    Torch.threads(1);
  }

  private static TrainingPlan plan(int accumulate, Positions positions) {
    return new TrainingPlan(
        12,
        List.of(new Stage(0.5, 12, 8), new Stage(1, 24, 4)),
        new Optimisation(
            new LearningRate(1e-2, 0.1, 3, LearningRate.Shape.COSINE), 0.1, 1, accumulate),
        positions,
        new Reading.Whole(),
        4,
        5);
  }

  private static TorchModel model(ScalarType compute) {
    TorchModel model =
        TorchModel.of(SmallModel.CONFIG, FirstValues.of(SmallModel.CONFIG, 3), compute);
    model.parameters().train(_ -> true);
    return model;
  }

  private float[] run(TrainingPlan plan, Path where, boolean resume, int killAfter) {
    try (TorchModel model = model(ScalarType.Float)) {
      return new Trainer(model, SmallModel.REPEATS, SmallModel.TABLES, plan)
          .run(where, resume, killing(killAfter));
    }
  }

  private static TrainingListener killing(int after) {
    return new TrainingListener() {
      @Override
      public void step(int step, double loss, long tokens) {
        if (step == after) {
          throw new Killed();
        }
      }

      @Override
      public void checkpoint(int step) {}
    };
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void aRunThatWasKilledAtAnyStepGoesOnWithTheSameLosses() throws Exception {
    TrainingPlan plan = plan(1, new Positions.Skipping(40));
    Path whole = Files.createDirectory(directory.resolve("whole"));
    float[] unbroken = run(plan, whole, false, -1);
    assertThat(unbroken).hasSize(12).doesNotContain(0f);
    for (int killed : new int[] {2, 4, 7, 11}) {
      Path broken = Files.createDirectory(directory.resolve("killed" + killed));
      assertThatThrownBy(() -> run(plan, broken, false, killed)).isInstanceOf(Killed.class);
      assertThat(run(plan, broken, true, -1)).isEqualTo(unbroken);
      assertThat(
              Files.mismatch(whole.resolve(TrainingState.FILE), broken.resolve(TrainingState.FILE)))
          .isEqualTo(-1);
    }
  }

  @Test
  void examplesComputedInPartsGiveTheSameStep() throws Exception {
    float[] whole =
        run(
            plan(1, new Positions.Consecutive()),
            Files.createDirectory(directory.resolve("a")),
            false,
            -1);
    float[] parts =
        run(
            plan(3, new Positions.Consecutive()),
            Files.createDirectory(directory.resolve("b")),
            false,
            -1);
    for (int i = 0; i < whole.length; i++) {
      // The gradients are summed in another order, and twelve steps carry the rounding on.
      assertThat(parts[i]).isCloseTo(whole[i], within(2e-4f));
    }
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefused() {
    run(plan(1, new Positions.Consecutive()), directory, false, -1);
    assertThatThrownBy(() -> run(plan(2, new Positions.Consecutive()), directory, true, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other settings");
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsSaidAndTheLastOneStays() throws Exception {
    run(plan(1, new Positions.Consecutive()), directory, false, -1);
    byte[] before = Files.readAllBytes(directory.resolve(TrainingState.FILE));
    Path gone = directory.resolve("gone");
    assertThatThrownBy(() -> run(plan(1, new Positions.Consecutive()), gone, false, -1))
        .isInstanceOf(java.io.UncheckedIOException.class)
        .hasMessageContaining("cannot be written");
    assertThat(Files.readAllBytes(directory.resolve(TrainingState.FILE))).isEqualTo(before);
  }

  @Test
  void repeatsAreLearnt() {
    TrainingPlan longer =
        new TrainingPlan(
            150,
            List.of(new Stage(1, 24, 16)),
            new Optimisation(
                new LearningRate(1e-2, 0.1, 10, LearningRate.Shape.LINEAR), 0.01, 1, 1),
            new Positions.Consecutive(),
            new Reading.Whole(),
            1000,
            5);
    float[] losses = run(longer, directory, false, -1);
    // A model that cannot look back stays at ln 31 = 3.43.
    assertThat(losses[0]).isGreaterThan(3.3f);
    assertThat(IntStream.range(140, 150).mapToDouble(i -> losses[i]).average().orElseThrow())
        .isLessThan(2.9);
  }

  @Test
  void bfloat16FollowsFloat32Roughly() {
    try (TorchModel model = model(ScalarType.BFloat16)) {
      float[] narrow =
          new Trainer(
                  model,
                  SmallModel.REPEATS,
                  SmallModel.TABLES,
                  plan(1, new Positions.Consecutive()))
              .run(directory, false, killing(-1));
      float[] wide = run(plan(1, new Positions.Consecutive()), directory, false, -1);
      for (int i = 0; i < wide.length; i++) {
        // Eight bits of mantissa: a relative error of 0.4 % in each product.
        assertThat(narrow[i]).isCloseTo(wide[i], within(0.05f));
      }
    }
  }

  @Test
  void adaptersAloneAreTrainedAndMergedGiveTheSameLogits() {
    try (TorchModel model =
        TorchModel.of(SmallModel.CONFIG, FirstValues.of(SmallModel.CONFIG, 3), ScalarType.Float)) {
      float[] before = logits(model);
      model.adapt(new LowRank(4, 8, List.of("q_proj", "down_proj")), 1);
      assertThat(logits(model)).isEqualTo(before);
      model.parameters().train(name -> name.contains(".lora_"));
      assertThat(model.parameters().trained()).hasSize(2 * 2 * SmallModel.CONFIG.layers().size());
      float[] q = Torch.toFloats(model.parameters().get("model.layers.0.self_attn.q_proj.weight"));
      new Trainer(
              model, SmallModel.REPEATS, SmallModel.TABLES, plan(1, new Positions.Consecutive()))
          .run(directory, false, killing(-1));
      assertThat(Torch.toFloats(model.parameters().get("model.layers.0.self_attn.q_proj.weight")))
          .isEqualTo(q);
      float[] adapted = logits(model);
      assertThat(adapted).isNotEqualTo(before);
      model.mergeAdapters();
      assertThat(model.parameters().all().keySet()).noneMatch(name -> name.contains(".lora_"));
      float[] merged = logits(model);
      for (int i = 0; i < merged.length; i++) {
        // Two products against one: float32 rounding of logits of about 1.
        assertThat(merged[i]).isCloseTo(adapted[i], within(1e-4f));
      }
    }
  }

  private static float[] logits(TorchModel model) {
    try (PointerScope _ = new PointerScope()) {
      long[] ids = {1, 5, 9, 3, 1, 5};
      return Torch.toFloats(
          model.logits(
              Torch.longs(ids, 1, ids.length),
              SmallModel.TABLES,
              new int[][] {{0, 1, 2, 3, 4, 5}}));
    }
  }

  @Test
  void skippedPositionsRiseAndReachTheTarget() {
    Positions pose = new Positions.Skipping(2048);
    int highest = 0;
    for (int seed = 0; seed < 200; seed++) {
      int[] positions = pose.draw(new java.util.SplittableRandom(seed), 256);
      int jumps = 0;
      for (int i = 1; i < positions.length; i++) {
        assertThat(positions[i]).isGreaterThan(positions[i - 1]);
        jumps += positions[i] - positions[i - 1] > 1 ? 1 : 0;
      }
      assertThat(jumps).isLessThanOrEqualTo(1);
      assertThat(positions[0]).isZero();
      assertThat(positions[255]).isLessThan(2048);
      highest = Math.max(highest, positions[255]);
    }
    assertThat(highest).isGreaterThan(2000);
    assertThat(Arrays.stream(new Positions.Consecutive().draw(new Random(1), 4)).boxed())
        .containsExactly(0, 1, 2, 3);
  }

  @Test
  void theRateRisesThenFallsToItsFloor() {
    LearningRate rate = new LearningRate(1, 0.1, 10, LearningRate.Shape.COSINE);
    assertThat(rate.at(0, 100)).isLessThan(0.11);
    assertThat(rate.at(10, 100)).isGreaterThan(0.95);
    assertThat(rate.at(99, 100)).isCloseTo(0.1, within(1e-3));
    assertThat(new LearningRate(1, 0.1, 0, LearningRate.Shape.CONSTANT).at(99, 100)).isEqualTo(1);
    assertThat(new LearningRate(1, 0.5, 0, LearningRate.Shape.LINEAR).at(50, 100))
        .isCloseTo(0.75, within(1e-12));
  }
}
