package dev.farspan.training.run;

import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;

import dev.farspan.context.rope.RopeTable;
import dev.farspan.training.data.ExampleSource;
import dev.farspan.training.model.MemoryTokens;
import dev.farspan.training.model.Parameters;
import dev.farspan.training.model.Torch;
import dev.farspan.training.model.TorchModel;
import dev.farspan.training.parallel.Alone;
import dev.farspan.training.parallel.Group;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TensorVector;

/// Runs a plan on a model, and goes on from a checkpoint as if it had never stopped.
public final class Trainer {
  /// Name of the checkpoint in the directory of a run.
  public static final String CHECKPOINT = TrainingState.FILE;

  private final TorchModel model;
  private final ExampleSource source;
  private final List<RopeTable> tables;
  private final TrainingPlan plan;
  private final Group group;

  /// Makes a trainer.
  ///
  /// @param model what is trained
  /// @param source where examples come from
  /// @param tables the frequency table of each of the model's rotary embeddings
  /// @param plan what the run does
  public Trainer(
      TorchModel model, ExampleSource source, List<RopeTable> tables, TrainingPlan plan) {
    this(model, source, tables, plan, new Alone());
  }

  private Trainer(
      TorchModel model,
      ExampleSource source,
      List<RopeTable> tables,
      TrainingPlan plan,
      Group group) {
    this.model = model;
    this.source = source;
    this.tables = List.copyOf(tables);
    this.plan = plan;
    this.group = group;
  }

  /// Returns a trainer that computes its share of every step's examples only and adds up gradients
  /// with other processes, which makes the step that one process would make of all examples.
  ///
  /// @param others the processes that share this model and plan
  /// @return the trainer
  /// @throws IllegalArgumentException if a step has fewer examples than there are processes
  public Trainer among(Group others) {
    for (Stage stage : plan.curriculum()) {
      if (stage.batch() < others.size()) {
        throw new IllegalArgumentException(
            "a step of %d examples cannot be shared by %d processes: take fewer"
                .formatted(stage.batch(), others.size()));
      }
    }
    return new Trainer(model, source, tables, plan, others);
  }

  /// Runs the steps that are left; the checkpoint is written as planned and at the end, by the
  /// first process of several.
  ///
  /// @param directory where the checkpoint is kept
  /// @param resume whether to go on from the checkpoint there
  /// @param listener told of every step
  /// @return the loss of every step from the first on, those before the checkpoint included
  /// @throws IllegalArgumentException if the checkpoint belongs to another plan
  /// @throws IllegalStateException if a loss is not finite, or a process of several ended or has
  ///   another model, plan or text; the checkpoint before stays
  /// @throws java.io.UncheckedIOException if a checkpoint cannot be written; the one before stays
  public float[] run(Path directory, boolean resume, TrainingListener listener) {
    Parameters parameters = model.parameters();
    TrainingState state = new TrainingState(directory, plan);
    if (group.leads()) {
      state.deleteLeftovers();
    }
    try (AdamW optimiser = new AdamW(parameters, plan.optimisation().weightDecay())) {
      float[] losses = new float[plan.steps()];
      int done = 0;
      if (resume && state.exists()) {
        float[] before = state.read(parameters, optimiser);
        done = before.length;
        System.arraycopy(before, 0, losses, 0, done);
      }
      requireSameStart(done);
      for (int step = done; step < plan.steps(); step++) {
        losses[step] = (float) step(step, optimiser);
        Stage stage = plan.stage(step);
        listener.step(step + 1, losses[step], (long) stage.length() * stage.batch());
        if ((step + 1) % plan.checkpointEvery() == 0 || step + 1 == plan.steps()) {
          checkpoint(state, optimiser, Arrays.copyOf(losses, step + 1));
          listener.checkpoint(step + 1);
        }
      }
      return losses;
    }
  }

  private void requireSameStart(int done) {
    if (group.size() > 1) {
      // Not the plan's own hash code, in which those of enums differ from process to process.
      group.requireSame(31L * plan.toString().hashCode() + done, "another plan or checkpoint");
      int next = Math.min(done, plan.steps() - 1);
      group.requireSame(Batch.of(plan, source, next).digest(), "other text");
      requireSameModel("another model");
    }
  }

  private void checkpoint(TrainingState state, AdamW optimiser, float[] losses) {
    requireSameModel("other parameters after step " + losses.length);
    if (group.leads()) {
      state.write(model.parameters(), optimiser, losses);
    }
  }

  private void requireSameModel(String otherwise) {
    if (group.size() > 1) {
      group.requireSame(model.parameters().digest(), otherwise);
    }
  }

  private double step(int step, AdamW optimiser) {
    // Every process draws all examples, which is cheap, and so knows what they weigh together.
    Batch batch = Batch.of(plan, source, step);
    double weight = batch.weight();
    optimiser.clear();
    double loss = 0;
    for (Batch part :
        batch.share(group.rank(), group.size()).parts(plan.optimisation().accumulate())) {
      loss += backward(part, weight);
    }
    loss = group.sum(loss);
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException(
          "the loss of step %d is not finite; lower the learning rate or clip the gradients"
              .formatted(step + 1));
    }
    optimiser.gradients().forEach(group::sum);
    clip();
    optimiser.step(step + 1, plan.optimisation().rate().at(step, plan.steps()));
    return loss;
  }

  /// Adds the gradients of some rows; returns their share of the step's mean loss.
  private double backward(Batch rows, double weight) {
    return switch (plan.reading()) {
      case Reading.Whole() -> whole(rows, weight);
      case Reading.Segments segments ->
          new SegmentedLoss(new MemoryTokens(model, tables), segments).backward(rows, weight);
    };
  }

  private double whole(Batch rows, double weight) {
    try (PointerScope _ = new PointerScope()) {
      return model.backward(
          rows.inputs(),
          tables,
          rows.positions(),
          logits -> CrossEntropy.sum(logits, rows.targets(), rows.weights(), weight));
    }
  }

  private void clip() {
    if (plan.optimisation().clip() == 0) {
      return;
    }
    try (PointerScope _ = new PointerScope()) {
      TensorVector trained =
          Torch.vector(model.parameters().trained().stream().map(model.parameters()::get).toList());
      clip_grad_norm_(trained, plan.optimisation().clip());
    }
  }
}
