package dev.farspan.evaluation.task;

import dev.farspan.runtime.engine.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Models whose tokenizers the tests use: bytes, SmolLM2's, and Gemma's with its begin-of-text.
public final class Vocabularies {
  private static final Path TINY =
      Path.of("../runtime/src/test/resources/golden/tiny/llama-default");
  private static final Path BYTES = Path.of("../cli/src/test/resources/dev/farspan/cli/bytes");

  private Vocabularies() {}

  /// Opens a tiny model of 257 tokens, of which 256 are bytes, trained for 64.
  public static Model bytes(Path directory) {
    try {
      for (Path from : new Path[] {TINY, BYTES}) {
        try (var files = Files.list(from)) {
          for (Path file : files.toList()) {
            Path to = directory.resolve(file.getFileName().toString());
            if (!Files.exists(to)) {
              Files.copy(file, to);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Model.open(directory, 2);
  }

  /// Opens a real model; nothing is read of it but its vocabulary until it computes.
  public static Model real(String name) {
    String given = System.getenv("FARSPAN_MODELS");
    return Model.open(Path.of(given == null ? "../models" : given).resolve(name), 2);
  }
}
