package dev.farspan.training.run;

import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import dev.farspan.training.model.Parameters;
import dev.farspan.training.model.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/// The checkpoint of a run: trained parameters, the optimiser's state and the losses so far, in one
/// file that is replaced in one piece.
final class TrainingState {
  /// Name of the checkpoint in a run's directory.
  static final String FILE = "checkpoint.safetensors";

  private static final String PARAMETER = "parameter/";
  private static final String MEAN = "mean/";
  private static final String SQUARE = "square/";
  private static final String LOSSES = "losses";

  private final Path file;
  private final String plan;

  TrainingState(Path directory, TrainingPlan plan) {
    this.file = directory.resolve(FILE);
    this.plan = plan.toString();
  }

  void write(Parameters parameters, AdamW optimiser, float[] losses) {
    List<Tensor> tensors = new ArrayList<>();
    try (PointerScope _ = new PointerScope()) {
      optimiser
          .moments()
          .forEach(
              (name, own) -> {
                tensors.add(copy(PARAMETER + name, parameters.get(name)));
                tensors.add(copy(MEAN + name, own.mean()));
                tensors.add(copy(SQUARE + name, own.square()));
              });
    }
    tensors.add(Tensor.ofFloats(LOSSES, Shape.of(losses.length), losses));
    SafetensorsWriter.write(file, tensors, Map.of("plan", plan));
  }

  private static Tensor copy(String name, org.bytedeco.pytorch.Tensor tensor) {
    return Tensor.ofFloats(name, Shape.of(Torch.shape(tensor)), Torch.toFloats(tensor));
  }

  /// Deletes what killed runs were writing.
  void deleteLeftovers() {
    SafetensorsWriter.deleteLeftovers(file);
  }

  boolean exists() {
    return Files.exists(file);
  }

  /// Puts everything back and returns the losses so far, one for each step done.
  float[] read(Parameters parameters, AdamW optimiser) {
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      if (!plan.equals(saved.metadata().get("plan"))) {
        throw new IllegalArgumentException(
            file
                + " belongs to a run with other settings ("
                + saved.metadata().get("plan")
                + "): go on with those, or start anew in another directory");
      }
      optimiser
          .moments()
          .forEach(
              (name, own) -> {
                parameters.set(name, saved.tensor(PARAMETER + name).toFloats());
                set(own.mean(), saved.tensor(MEAN + name));
                set(own.square(), saved.tensor(SQUARE + name));
              });
      return saved.tensor(LOSSES).toFloats();
    }
  }

  private static void set(org.bytedeco.pytorch.Tensor tensor, Tensor saved) {
    try (NoGradGuard _ = new NoGradGuard();
        org.bytedeco.pytorch.Tensor values = Torch.floats(saved.toFloats(), Torch.shape(tensor))) {
      tensor.copy_(values);
    }
  }
}
