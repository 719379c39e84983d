package dev.farspan.formats.checkpoint;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.adapter.Adapter;
import dev.farspan.formats.adapter.AdapterConfig;
import dev.farspan.formats.files.Names;
import dev.farspan.formats.safetensors.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where a model lies: its weights, and the adapter that is merged into them, if one is.
///
/// @param model a GGUF file or a directory in Hugging Face's format
/// @param adapters the directory of an adapter, or none
public record ModelParts(Path model, List<Path> adapters) {
  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if there is more than one adapter
  public ModelParts {
    adapters = List.copyOf(adapters);
    if (adapters.size() > 1) {
      throw new IllegalArgumentException("one adapter at a time: merge the others first");
    }
  }

  /// Returns the files that a path means: of an adapter's directory, the adapter and its base.
  ///
  /// The base lies where `base_model_name_or_path` says, from the adapter's directory or from the
  /// working directory, or beside the adapter under the last part of that name. A directory that
  /// holds weights too is its own base, as in transformers.
  ///
  /// @param path a GGUF file, or a directory in Hugging Face's or PEFT's format
  /// @return the files
  /// @throws FormatException in one sentence, if the base of an adapter is not found
  public static ModelParts of(Path path) {
    return Adapter.isIn(path)
        ? new ModelParts(base(path), List.of(path))
        : new ModelParts(path, List.of());
  }

  private static Path base(Path directory) {
    if (isWhole(directory)) {
      return directory;
    }
    Path file = directory.resolve(AdapterConfig.FILE);
    String name = AdapterConfig.read(file).base();
    return candidates(directory, name)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () ->
                new FormatException(
                    file.toString(),
                    "the base model %s is neither there nor beside the adapter: put it there, or name a base and give the adapter with --adapter"
                        .formatted(Names.quote(name))));
  }

  private static Stream<Path> candidates(Path directory, String name) {
    try {
      Path named = Path.of(name);
      Path last = named.getFileName();
      return name.isBlank() || last == null
          ? Stream.empty()
          : Stream.of(
              directory.resolve(named), named, directory.toAbsolutePath().resolveSibling(last));
    } catch (InvalidPathException _) {
      return Stream.empty();
    }
  }

  static boolean isWhole(Path directory) {
    return Files.exists(directory.resolve(SafetensorsFile.SINGLE))
        || Files.exists(directory.resolve(SafetensorsFile.INDEX));
  }

  /// Returns the path that the model is known by.
  ///
  /// @return the adapter's directory, or else the model's own path
  public Path path() {
    return adapters.isEmpty() ? model : adapters.getFirst();
  }

  /// Returns the file of a name that describes the model: the adapter's, or else the model's own.
  ///
  /// @param name such as `config.json`
  /// @return its path; nothing may be there
  public Path beside(String name) {
    Path own = path().resolve(name);
    return Files.exists(own) ? own : model.resolve(name);
  }

  /// Returns every path that has a part in the model.
  ///
  /// @return the model's, then the adapter's if that lies elsewhere
  public List<Path> paths() {
    return Stream.concat(Stream.of(model), adapters.stream()).distinct().toList();
  }
}
