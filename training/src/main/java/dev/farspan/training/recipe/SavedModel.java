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
import dev.farspan.tensor.Tensor;
import dev.farspan.training.model.Parameters;
import dev.farspan.training.model.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A trained model as a directory in Hugging Face's format.
final class SavedModel {
  private SavedModel() {}

  static void requireDirectory(Path source, Path out) {
    if (!Files.isDirectory(source)) {
      throw new IllegalArgumentException(
          source + " is not a directory in Hugging Face's format, the only one that is tuned");
    }
    try {
      if (Files.exists(out) && Files.isSameFile(source, out)) {
        throw new IllegalArgumentException(
            "the tuned model cannot take the place of the one it comes from: name another --out");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + out, e);
    }
  }

  /// Fails unless the parameters can be written back under the names and meanings of the source.
  static void requireSameTensors(Parameters parameters, Map<String, Tensor> source) {
    parameters
        .all()
        .forEach(
            (name, tensor) -> {
              Tensor stored = source.get(name);
              boolean same =
                  stored != null
                      && Arrays.equals(stored.shape().dims(), Torch.shape(tensor))
                      && (stored.shape().rank() > 1
                          || Arrays.equals(stored.toFloats(), Torch.toFloats(tensor)));
              if (!same) {
                throw new IllegalArgumentException(
                    "this model stores '"
                        + name
                        + "' in a way that a tuned model cannot be written in; tune a model of the"
                        + " llama, mistral, qwen2, qwen3, olmo2 or smollm3 family");
              }
            });
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
