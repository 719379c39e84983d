package dev.farspan.training.run;

import dev.farspan.training.SmallModel;
import dev.farspan.training.model.FirstValues;
import dev.farspan.training.model.Torch;
import dev.farspan.training.model.TorchModel;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// A training run in a process of its own, to be killed; says each step and checkpoint on a line,
/// which ends with a dot if all of it got out.
final class KilledProcess {
  static final int STEPS = 600;
  static final int CHECKPOINT_EVERY = 5;

  private KilledProcess() {}

  /// Goes on in a directory; exits with 3 and a sentence if a file cannot be written.
  public static void main(String[] args) {
    try {
      run(Path.of(args[0]));
    } catch (UncheckedIOException e) {
      System.out.println(e.getMessage() + ": " + e.getCause().getMessage());
      System.exit(3);
    }
  }

  /// Runs what is left of 600 steps on a tiny model.
  static float[] run(Path directory) {
    Torch.threads(1);
    TrainingPlan plan =
        new TrainingPlan(
            STEPS,
            List.of(new Stage(1, 12, 4)),
            new Optimisation(new LearningRate(1e-2, 0.1, 3, LearningRate.Shape.COSINE), 0.1, 1, 1),
            new Positions.Consecutive(),
            new Reading.Whole(),
            CHECKPOINT_EVERY,
            5);
    try (TorchModel model =
        TorchModel.of(SmallModel.CONFIG, FirstValues.of(SmallModel.CONFIG, 3), ScalarType.Float)) {
      model.parameters().train(_ -> true);
      return new Trainer(model, SmallModel.REPEATS, SmallModel.TABLES, plan)
          .run(directory, true, new Says());
    }
  }

  private static final class Says implements TrainingListener {
    @Override
    public void step(int step, double loss, long tokens) {
      System.out.println("step " + step + " .");
    }

    @Override
    public void checkpoint(int step) {
      System.out.println("checkpoint " + step + " .");
    }
  }
}
