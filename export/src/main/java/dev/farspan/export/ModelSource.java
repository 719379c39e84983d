package dev.farspan.export;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.TensorSource;
import dev.farspan.formats.checkpoint.TokenizerFiles;
import dev.farspan.formats.gguf.GgufConfig;
import dev.farspan.formats.gguf.GgufData;
import dev.farspan.formats.gguf.GgufFile;
import dev.farspan.formats.gguf.GgufMetadata;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.text.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// An open model, with all that its files say and not only what the engine needs of it.
sealed interface ModelSource extends AutoCloseable {
  /// Returns the model's shape.
  ModelConfig config();

  /// Returns the weights.
  TensorSource tensors();

  @Override
  default void close() {
    tensors().close();
  }

  /// Returns what the model is called.
  default String name() {
    return GgufProduct.stem(tensors().path());
  }

  /// A Hugging Face directory.
  ///
  /// @param directory where it lies
  /// @param settings its `config.json` as plain data
  record HuggingFace(
      Path directory, Map<String, Object> settings, ModelConfig config, TensorSource tensors)
      implements ModelSource {
    TokenizerFiles.HuggingFace tokenizer() {
      return new TokenizerFiles.HuggingFace(directory);
    }
  }

  /// A GGUF file, or all parts of a split one.
  ///
  /// @param metadata its keys
  record Gguf(GgufMetadata metadata, ModelConfig config, TensorSource tensors)
      implements ModelSource {
    String architecture() {
      return metadata.text(GgufKeys.ARCHITECTURE);
    }

    TokenizerFiles.Gguf tokenizer() {
      return new TokenizerFiles.Gguf(GgufData.tokenizer(metadata));
    }
  }

  /// Opens a model.
  static ModelSource open(Path path) {
    if (!Files.isDirectory(path)) {
      return openGguf(path);
    }
    Path config = path.resolve(HfConfig.FILE);
    if (!Files.exists(config)) {
      throw new FormatException(path.toString(), "is no model: it has no " + HfConfig.FILE);
    }
    return new HuggingFace(
        path, JsonFile.read(config), HfConfig.read(config).model(), SafetensorsFile.open(path));
  }

  private static ModelSource openGguf(Path path) {
    GgufFile file = GgufFile.open(path);
    boolean done = false;
    try {
      ModelSource source = new Gguf(file.metadata(), GgufConfig.of(file).model(), file);
      done = true;
      return source;
    } finally {
      if (!done) {
        file.close();
      }
    }
  }
}
