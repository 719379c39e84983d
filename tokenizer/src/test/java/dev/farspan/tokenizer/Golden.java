package dev.farspan.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Expected values made by other implementations, and the real files they were made from.
public final class Golden {
  private Golden() {}

  public static JsonNode read(String name) {
    return JsonMapper.shared()
        .readTree(Golden.class.getResourceAsStream("/golden/" + name + ".json"));
  }

  /// A model file, from FARSPAN_MODELS or the folder `models` of the repository.
  static Path model(String name) {
    return file("FARSPAN_MODELS", "models", name, "scripts/get-models.sh");
  }

  /// A text, from FARSPAN_TEXTS or the folder `texts` of the repository.
  static Path text(String name) {
    return file("FARSPAN_TEXTS", "texts", name, "scripts/get-texts.sh");
  }

  private static Path file(String variable, String folder, String name, String script) {
    String given = System.getProperty(variable, System.getenv().getOrDefault(variable, ""));
    Path root = Path.of("").toAbsolutePath().getParent();
    Path file = (given.isEmpty() ? root.resolve(folder) : Path.of(given)).resolve(name);
    if (!Files.exists(file)) {
      throw new AssertionError(
          "%s is missing; run %s %s, or set %s to the folder that holds it"
              .formatted(file, script, file.getParent(), variable));
    }
    return file;
  }
}
