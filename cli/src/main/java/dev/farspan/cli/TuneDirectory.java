package dev.farspan.cli;

import dev.farspan.training.run.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where `farspan tune` writes: a new directory, or that of a run that was interrupted.
///
/// @param path the directory
record TuneDirectory(Path path) {
  /// What is there of a run that ended before its first checkpoint: it may be started anew.
  private static final Set<String> BEGUN =
      Set.of(
          "adapter_config.json",
          "chat_template.jinja",
          "config.json",
          "generation_config.json",
          "special_tokens_map.json",
          "tokenizer.json",
          "tokenizer_config.json");

  private static final String HALF_WRITTEN = ".tmp";

  /// Refuses a place where the run would not be alone, or finds nothing to go on from.
  ///
  /// @throws IllegalArgumentException in one sentence
  void check(boolean resume) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new IllegalArgumentException(path + " is a file: name a directory with --out");
    }
    boolean interrupted = Files.exists(path.resolve(Trainer.CHECKPOINT));
    if (resume && !interrupted) {
      throw new IllegalArgumentException(
          "there is no checkpoint in " + path + ": leave --resume out");
    }
    if (!resume && interrupted) {
      throw new IllegalArgumentException(
          path + " holds a run already: go on with --resume, or name another --out");
    }
    if (!interrupted) {
      stranger()
          .ifPresent(
              name -> {
                throw new IllegalArgumentException(
                    "%s holds something else, such as %s: name a new directory with --out"
                        .formatted(path, name));
              });
    }
  }

  private Optional<String> stranger() {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !BEGUN.contains(name) && !name.endsWith(HALF_WRITTEN))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the directory " + path, e);
    }
  }
}
