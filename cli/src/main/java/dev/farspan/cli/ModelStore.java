package dev.farspan.cli;

import dev.farspan.formats.adapter.Adapter;
import dev.farspan.formats.hf.HfConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where models are found by name: a directory, `models/` in the repository when the launcher
/// starts us, `$FARSPAN_MODELS` in general, `.farspan/models` in the home directory otherwise.
///
/// A model is a `.gguf` file or a directory in Hugging Face's or PEFT's format. Names that start
/// with a dot are files on their way.
///
/// @param directory the store
/// @param shipped where the models that come with Farspan are, which are found by name too; the
///   launcher says it in `$FARSPAN_SHIPPED`
record ModelStore(Path directory, Path shipped) {
  /// A store that nothing is shipped beside.
  ModelStore(Path directory) {
    this(directory, directory);
  }

  static ModelStore of(Map<String, String> environment) {
    String named = environment.getOrDefault("FARSPAN_MODELS", "");
    Path directory =
        named.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".farspan", "models")
            : Path.of(named);
    String shipped = environment.getOrDefault("FARSPAN_SHIPPED", "");
    return new ModelStore(directory, shipped.isEmpty() ? directory : Path.of(shipped));
  }

  /// The file or directory that `model` means: a path, or else a name in this store.
  Path find(String model) {
    return look(model)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no model '%s', neither as a path nor in %s: check the name, or fetch it with 'farspan pull'"
                        .formatted(model, directory.toAbsolutePath().normalize())));
  }

  /// The file or directory that `model` means, if there is one.
  Optional<Path> look(String model) {
    return model.isBlank()
        ? Optional.empty()
        : Stream.of(Path.of(model), directory.resolve(model), shipped.resolve(model))
            .filter(Files::exists)
            .findFirst();
  }

  /// Every model here, by name.
  List<Path> list() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var entries = Files.list(directory)) {
      List<Path> models = new ArrayList<>(entries.filter(ModelStore::isModel).toList());
      models.sort(null);
      return List.copyOf(models);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isModel(Path entry) {
    String name = String.valueOf(entry.getFileName());
    if (name.startsWith(".")) {
      return false;
    }
    return Files.isDirectory(entry)
        ? Files.exists(entry.resolve(HfConfig.FILE)) || Adapter.isIn(entry)
        : name.endsWith(".gguf");
  }
}
