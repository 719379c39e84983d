package dev.farspan.training.recipe;

import dev.farspan.export.HfForm;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.checkpoint.TokenizerFiles;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import dev.farspan.training.model.Parameters;
import dev.farspan.training.model.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Where a model comes from, and what of its files a tuned one takes over.
sealed interface Origin {
  /// A directory in Hugging Face's format, and an adapter's that is merged into it.
  ///
  /// @param parts where they lie
  /// @param tensors the weights
  record HuggingFace(List<Path> parts, Map<String, Tensor> tensors) implements Origin {
    /// Copies the list.
    public HuggingFace {
      parts = List.copyOf(parts);
    }
  }

  /// A GGUF file.
  ///
  /// @param form what it is in Hugging Face's format
  record Gguf(HfForm form) implements Origin {}

  /// Returns the origin of an open model.
  ///
  /// @param recipe what the tuned model is written as
  /// @throws IllegalArgumentException if it cannot be written so
  static Origin of(Checkpoint checkpoint, Recipe recipe) {
    return switch (checkpoint.tokenizer()) {
      case TokenizerFiles.HuggingFace _ ->
          new HuggingFace(checkpoint.parts().paths(), checkpoint.tensors());
      case TokenizerFiles.Gguf(Map<String, Object> metadata) -> {
        if (!metadata.containsKey("tokenizer.ggml.tokens")) {
          throw new IllegalArgumentException(
              checkpoint.path() + " has no tokenizer, which a text to train on needs");
        }
        if (recipe.unmerged()) {
          throw new IllegalArgumentException(
              checkpoint.path()
                  + " is a GGUF file, which cannot be the base of an adapter: leave out lora.save, or tune what 'farspan export --format hf' makes of it");
        }
        yield new Gguf(HfForm.of(checkpoint.path(), recipe.saved()));
      }
    };
  }

  /// Fails unless parameters can be written under the names and meanings that transformers has.
  default void requireSameTensors(Parameters parameters) {
    parameters
        .all()
        .forEach(
            (name, tensor) -> {
              if (!stores(name, Torch.shape(tensor), tensor)) {
                throw new IllegalArgumentException(
                    "this model stores '"
                        + name
                        + "' in a way that a tuned model cannot be written in; tune a model of the"
                        + " llama, mistral, qwen2, qwen3, olmo2, smollm3 or granite family");
              }
            });
  }

  private boolean stores(String name, long[] shape, org.bytedeco.pytorch.Tensor tensor) {
    return switch (this) {
      case Gguf(HfForm form) -> form.stores(name, Shape.of(shape));
      case HuggingFace(List<Path> _, Map<String, Tensor> tensors) -> {
        Tensor stored = tensors.get(name);
        yield stored != null
            && Arrays.equals(stored.shape().dims(), shape)
            && (shape.length > 1 || Arrays.equals(stored.toFloats(), Torch.toFloats(tensor)));
      }
    };
  }

  /// Writes everything but the weights.
  default void copy(Path out) {
    try {
      Files.createDirectories(out);
      switch (this) {
        case Gguf(HfForm form) -> form.write(out);
        case HuggingFace(List<Path> parts, Map<String, Tensor> _) -> {
          for (Path part : parts) {
            copy(part, out);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the tokenizer to " + out, e);
    }
  }

  private static void copy(Path source, Path out) throws IOException {
    for (String name :
        List.of(
            HfConfig.FILE,
            "tokenizer.json",
            "tokenizer_config.json",
            "generation_config.json",
            "special_tokens_map.json",
            "chat_template.jinja")) {
      if (Files.exists(source.resolve(name))) {
        Files.copy(source.resolve(name), out.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
