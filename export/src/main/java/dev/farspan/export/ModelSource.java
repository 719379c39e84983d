package dev.farspan.export;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.TensorSource;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.checkpoint.TokenizerFiles;
import dev.farspan.formats.gguf.GgufConfig;
import dev.farspan.formats.gguf.GgufData;
import dev.farspan.formats.gguf.GgufFile;
import dev.farspan.formats.gguf.GgufMetadata;
import dev.farspan.formats.hf.HfConfig;
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
    Checkpoint checkpoint = Checkpoint.open(path);
    boolean done = false;
    try {
      ModelSource source = ofDirectory(checkpoint);
      done = true;
      return source;
    } finally {
      if (!done) {
        checkpoint.close();
      }
    }
  }

  private static ModelSource ofDirectory(Checkpoint checkpoint) {
    if (!(checkpoint.tokenizer() instanceof TokenizerFiles.HuggingFace(Path directory))) {
      throw new FormatException(
          checkpoint.path().toString(),
          "is an adapter of a GGUF file, which cannot be exported: give it a base in Hugging Face's format");
    }
    Map<String, Object> settings = JsonFile.read(checkpoint.parts().beside(HfConfig.FILE));
    if (!checkpoint.config().tiedEmbeddings()) {
      settings.put("tie_word_embeddings", false); // an adapter may have trained the head apart
    }
    return new HuggingFace(directory, settings, checkpoint.config(), checkpoint.source());
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
