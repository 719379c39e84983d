package dev.farspan.runtime;

import java.nio.file.Files;
import java.nio.file.Path;

/// Models and texts that `scripts/get-models.sh` and `scripts/get-texts.sh` fetch.
final class RealFiles {
  private RealFiles() {}

  static Path smollm2() {
    return file("FARSPAN_MODELS", "models", "smollm2-135m-instruct.q4_1.gguf");
  }

  static Path gemma3() {
    return file("FARSPAN_MODELS", "models", "gemma3-270m.q4_k_m.gguf");
  }

  static Path text(String name) {
    return file("FARSPAN_TEXTS", "texts", name);
  }

  private static Path file(String variable, String folder, String name) {
    String given = System.getenv(variable);
    Path file = Path.of(given == null ? "../" + folder : given).resolve(name);
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          file + " is missing; run scripts/get-" + folder + ".sh or ./verify, which fetches it");
    }
    return file;
  }
}
