package dev.farspan.training.recipe;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.formats.TensorSink;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.formats.hf.HfMemory;
import dev.farspan.formats.hf.HfRopeWriter;
import dev.farspan.formats.hf.HfRopeWriter.Form;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.formats.safetensors.TensorSpec;
import dev.farspan.formats.text.JsonFile;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import dev.farspan.training.model.Parameters;
import dev.farspan.training.model.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A trained model as a directory in Hugging Face's format.
final class SavedModel {
  private SavedModel() {}

  static void requireOther(Path source, Path out) {
    try {
      if (Files.exists(out) && Files.isSameFile(source, out)) {
        throw new IllegalArgumentException(
            "the tuned model cannot take the place of the one it comes from: name another --out");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + out, e);
    }
  }

  /// Changes the configuration in a directory to the extended one, in the form that it has.
  static void extend(Path directory, Extension extension, ModelConfig model, int length) {
    if (extension instanceof Extension.Keep) {
      return;
    }
    Path file = directory.resolve(HfConfig.FILE);
    Map<String, Object> config = JsonFile.read(file);
    List<FrequencyPolicy> policies =
        new ArrayList<>(model.ropes().stream().map(RopeConfig::scaling).toList());
    policies.set(model.mainRopeIndex(), extension.policy(model.mainRope().base(), length));
    Form form = config.containsKey("rope_parameters") ? Form.V5 : Form.OLD;
    JsonFile.write(file, new HfRopeWriter(model, form).write(config, policies, length));
  }

  /// Makes the configuration in a directory say what the model is trained to read far text by.
  static void remember(Path directory, TrainedMemory memory) {
    if (!(memory instanceof TrainedMemory.None)) {
      Path file = directory.resolve(HfConfig.FILE);
      JsonFile.write(file, HfMemory.with(JsonFile.read(file), memory));
    }
  }

  /// Makes the configuration in a directory say whether the head is the embedding.
  static void tie(Path directory, ModelConfig model) {
    Path file = directory.resolve(HfConfig.FILE);
    if (HfConfig.read(file).model().tiedEmbeddings() != model.tiedEmbeddings()) {
      Map<String, Object> config = JsonFile.read(file);
      config.put("tie_word_embeddings", model.tiedEmbeddings());
      JsonFile.write(file, config);
    }
  }

  static void write(Parameters parameters, DType type, Path directory) {
    write(parameters.all(), type, directory.resolve(SafetensorsFile.SINGLE));
  }

  /// Writes parameters by the names they are to have in the file.
  static void write(Map<String, org.bytedeco.pytorch.Tensor> named, DType type, Path file) {
    List<TensorSpec> specs = new ArrayList<>();
    named.forEach(
        (name, tensor) -> specs.add(new TensorSpec(name, type, Shape.of(Torch.shape(tensor)))));
    try (TensorSink out = SafetensorsWriter.create(file, specs, Map.of("format", "pt"))) {
      named.forEach(
          (name, tensor) -> {
            float[] values = Torch.toFloats(tensor);
            out.append(name, values, 0, values.length);
          });
      out.finish();
    }
  }
}
