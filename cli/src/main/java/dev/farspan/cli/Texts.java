package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads text files; none is read wrongly in silence.
final class Texts {
  private Texts() {}

  static String read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new IllegalArgumentException(file + " is a directory where a text file is expected");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          file + " is not UTF-8 text: convert it, with iconv for example", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Refuses a text of fewer tokens than are asked for, or than 2: one to predict another from.
  static void requireTokens(Path file, int[] ids, int asked) {
    int needed = Math.max(2, asked);
    if (ids.length < needed) {
      throw new IllegalArgumentException(
          "%s has %s tokens where %s are needed: take a longer text%s"
              .formatted(
                  file,
                  Amounts.count(ids.length),
                  Amounts.count(needed),
                  needed > 2 ? " or a smaller --tokens" : ""));
    }
  }
}
