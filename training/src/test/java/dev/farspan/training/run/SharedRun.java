package dev.farspan.training.run;

import dev.farspan.training.SmallModel;
import dev.farspan.training.data.Example;
import dev.farspan.training.data.ExampleSource;
import dev.farspan.training.model.FirstValues;
import dev.farspan.training.model.LowRank;
import dev.farspan.training.model.MemoryTokens;
import dev.farspan.training.model.Parameters;
import dev.farspan.training.model.Torch;
import dev.farspan.training.model.TorchModel;
import dev.farspan.training.parallel.GlooGroup;
import dev.farspan.training.parallel.Group;
import dev.farspan.training.parallel.Rendezvous;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Runs that two processes share, and the second of the two.
enum SharedRun {
  /// Examples read whole.
  WHOLE,
  /// The same, each process's share computed in two parts, and gradients of any size.
  PARTS,
  /// Memory tokens, whose examples are read in segments of random length.
  SEGMENTS,
  /// Low-rank adapters.
  ADAPTERS,
  /// Far more steps than are ever made.
  ENDLESS,
  /// A run that the second process begins with other parameters.
  OTHER_MODEL;

  static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Predictions that weigh differently from example to example, as those of tasks do.
  private static final ExampleSource WEIGHTED = SharedRun::weighted;

  private static Example weighted(RandomGenerator random, int length) {
    Example plain = SmallModel.REPEATS.draw(random, length);
    float[] weights = new float[length];
    float weight = 0.01f + random.nextFloat();
    for (int i = random.nextInt(length); i < length; i++) {
      weights[i] = weight;
    }
    return new Example(plain.ids(), weights);
  }

  TrainingPlan plan() {
    boolean endless = this == ENDLESS;
    return new TrainingPlan(
        endless ? 100_000 : 8,
        List.of(new Stage(1, 20, 6)),
        new Optimisation(
            new LearningRate(1e-2, 0.1, 3, LearningRate.Shape.CONSTANT),
            0.1,
            this == PARTS ? 0 : 0.5,
            this == PARTS ? 2 : 1),
        new Positions.Skipping(40),
        this == SEGMENTS ? new Reading.Segments(8, 3, 2, 1) : new Reading.Whole(),
        4,
        5);
  }

  TorchModel model(int rank) {
    int seed = this == OTHER_MODEL ? 3 + rank : 3;
    Parameters parameters = FirstValues.of(SmallModel.CONFIG, seed);
    if (this == SEGMENTS) {
      MemoryTokens.add(parameters, 3, 5);
    }
    TorchModel model = TorchModel.of(SmallModel.CONFIG, parameters, ScalarType.Float);
    if (this == ADAPTERS) {
      model.adapt(new LowRank(4, 8, List.of("q_proj", "down_proj")), 1);
    }
    parameters.train(name -> this != ADAPTERS || name.contains(".lora_"));
    return model;
  }

  /// Runs one process's part; returns the losses.
  float[] run(TorchModel model, Group group, Path directory, TrainingListener listener) {
    return new Trainer(model, WEIGHTED, SmallModel.TABLES, plan())
        .among(group)
        .run(directory, true, listener);
  }

  /// The second process: takes part in the runs named, and says what it ends with.
  public static void main(String[] args) {
    Torch.threads(1);
    try (Group group = GlooGroup.join(Rendezvous.parse(args[0]), 1, 2, PATIENCE)) {
      for (String name : args[2].split(",", -1)) {
        SharedRun run = valueOf(name);
        try (TorchModel model = run.model(1)) {
          run.run(model, group, Path.of(args[1]).resolve(name), TrainingListener.NONE);
          System.out.println(name + " " + model.parameters().digest());
        }
      }
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
      System.exit(3);
    }
  }
}
