package dev.farspan.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where models are found by name: a directory, `models/` in the repository when the launcher
/// starts us, `$FARSPAN_MODELS` in general.
record ModelStore(Path directory) {
  static ModelStore ofEnvironment() {
    return new ModelStore(Path.of(System.getenv().getOrDefault("FARSPAN_MODELS", "models")));
  }

  /// The file or directory that `model` means: a path, or else a name in this store.
  Path find(String model) {
    Path path = Path.of(model);
    if (Files.exists(path)) {
      return path;
    }
    Path stored = directory.resolve(model);
    if (Files.exists(stored)) {
      return stored;
    }
    throw new IllegalArgumentException(
        "there is no model '%s', neither as a path nor in %s: check the name, or fetch it there"
            .formatted(model, directory.toAbsolutePath().normalize()));
  }
}
