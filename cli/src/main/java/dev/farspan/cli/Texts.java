package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.formats.text.PlainText;
import java.io.IOException;
import java.io.UncheckedIOException;
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
      return PlainText.read(file)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      file
                          + " is a binary file or not UTF-8: name a text file, or convert it, with"
                          + " iconv for example"));
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
