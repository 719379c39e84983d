package dev.farspan.formats.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

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
    Path directory = target.resolveSibling(".");
    try {
      Files.createDirectories(directory.normalize());
      // Not createTempFile, whose files nobody else may read: a model is made to be served.
      Path temporary = target.resolveSibling(".farspan" + UUID.randomUUID() + ".tmp");
      try {
        fill(temporary, text);
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static void fill(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
