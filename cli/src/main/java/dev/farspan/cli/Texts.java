package dev.farspan.cli;

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
}
