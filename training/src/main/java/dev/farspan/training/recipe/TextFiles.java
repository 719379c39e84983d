package dev.farspan.training.recipe;

import dev.farspan.formats.text.PlainText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The text of a file, or of all files of a directory in the order of their names.
final class TextFiles {
  private TextFiles() {}

  static String read(Path place) {
    try {
      if (!Files.isDirectory(place)) {
        return one(place);
      }
      StringBuilder text = new StringBuilder();
      try (var walk = Files.walk(place)) {
        List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
        if (files.isEmpty()) {
          throw new IllegalArgumentException(place + " holds no text to train on");
        }
        for (Path file : files) {
          text.append(one(file));
          if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
          }
        }
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + place, e);
    }
  }

  private static String one(Path file) throws IOException {
    return PlainText.read(file)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    file
                        + " is a binary file or not UTF-8: convert it, or train on a directory"
                        + " without it"));
  }
}
