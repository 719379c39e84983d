package dev.farspan.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Tiny checkpoints with logits that transformers computed, and a tokenizer of bytes for them.
final class Golden {
  private static final Path TINY = Path.of("../runtime/src/test/resources/golden/tiny");

  private Golden() {}

  static Path tiny(String name) {
    return TINY.resolve(name);
  }

  /// A real model, from FARSPAN_MODELS or the folder `models` of the repository.
  static Path model(String name) {
    String given = System.getenv().getOrDefault("FARSPAN_MODELS", "../models");
    Path file = Path.of(given).resolve(name);
    if (!Files.exists(file)) {
      throw new AssertionError(
          "%s is missing; run scripts/get-models.sh, or set FARSPAN_MODELS to the folder that holds it"
              .formatted(file));
    }
    return file;
  }

  /// A copy of a checkpoint that can be changed.
  static Path copy(String name, Path directory) {
    try {
      Path target = Files.createDirectory(directory.resolve(name));
      for (String file : new String[] {"config.json", "model.safetensors"}) {
        Files.write(target.resolve(file), Files.readAllBytes(tiny(name).resolve(file)));
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A copy with a tokenizer (ids 0-255 are bytes, 256 ends a text) and a chat template.
  static Path withTokenizer(String name, Path directory) {
    Path target = copy(name, directory);
    for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
      try (var in = Objects.requireNonNull(Golden.class.getResourceAsStream("bytes/" + file))) {
        Files.copy(in, target.resolve(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return target;
  }
}
