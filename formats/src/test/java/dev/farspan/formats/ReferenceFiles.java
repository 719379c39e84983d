package dev.farspan.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Files that other implementations wrote (src/test/python/make_golden_files.py).
public final class ReferenceFiles {
  private ReferenceFiles() {}

  public static byte[] bytes(String name) {
    try (InputStream in = ReferenceFiles.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path copy(String name, Path directory) {
    return write(directory.resolve(name), bytes(name));
  }

  public static Path write(Path path, byte[] bytes) {
    try {
      return Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
