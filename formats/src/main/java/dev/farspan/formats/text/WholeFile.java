package dev.farspan.formats.text;

import dev.farspan.formats.files.NewFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Text files that are there whole or not at all.
public final class WholeFile {
  private WholeFile() {}

  /// Writes a file under a temporary name beside it, makes it durable and renames it.
  ///
  /// @param file where to; its directory is made if it is missing
  /// @param text the content
  /// @throws UncheckedIOException if it cannot be written; a file of that name is then as it was
  public static void write(Path file, String text) {
    Path target = file.toAbsolutePath();
    try {
      Files.createDirectories(target.resolveSibling(".").normalize());
      try (NewFile out = NewFile.create(target)) {
        out.write(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)), 0);
        out.commit();
      }
    } catch (IOException e) {
      throw failure(file, e);
    } catch (UncheckedIOException e) {
      throw failure(file, Objects.requireNonNull(e.getCause()));
    }
  }

  private static UncheckedIOException failure(Path file, IOException e) {
    return new UncheckedIOException("cannot write " + file, e);
  }
}
