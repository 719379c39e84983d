package dev.farspan.formats.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a checkpoint carries for its tokenizer, as plain data.
public sealed interface TokenizerFiles {

  /// Files of a Hugging Face directory.
  ///
  /// @param directory where they lie
  record HuggingFace(Path directory) implements TokenizerFiles {
    /// Returns the tokenizer.
    ///
    /// @return path of `tokenizer.json`, if it is there
    public Optional<Path> tokenizer() {
      return existing("tokenizer.json");
    }

    /// Returns the tokenizer's configuration.
    ///
    /// @return path of `tokenizer_config.json`, if it is there
    public Optional<Path> config() {
      return existing("tokenizer_config.json");
    }

    /// Returns the chat template that stands alone.
    ///
    /// @return path of `chat_template.jinja`, if it is there
    public Optional<Path> chatTemplate() {
      return existing("chat_template.jinja");
    }

    private Optional<Path> existing(String name) {
      return Optional.of(directory.resolve(name)).filter(Files::isRegularFile);
    }
  }

  /// The `tokenizer.*` metadata of a GGUF file.
  ///
  /// @param metadata `String`, `Long`, `Double`, `Boolean`, `List<String>`, `int[]` and `float[]`
  ///   by key, such as `tokenizer.ggml.tokens` or `tokenizer.chat_template`
  record Gguf(Map<String, Object> metadata) implements TokenizerFiles {
    /// Copies the map.
    public Gguf {
      metadata = Map.copyOf(metadata);
    }

    /// Returns the chat template.
    ///
    /// @return its Jinja source, if the file has one
    public Optional<String> chatTemplate() {
      return metadata.get("tokenizer.chat_template") instanceof String text
          ? Optional.of(text)
          : Optional.empty();
    }
  }
}
