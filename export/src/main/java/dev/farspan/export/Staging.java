package dev.farspan.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A directory beside the destination in which everything is made; without a move, closing it
/// leaves nothing.
record Staging(Path directory) implements AutoCloseable {
  static Staging beside(Path out) {
    Path target = out.toAbsolutePath();
    Path directory =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.createDirectories(target.resolveSibling(".").normalize());
      return new Staging(Files.createDirectory(directory));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the directory of " + out, e);
    }
  }

  /// Fails if the disk is too full for that many bytes.
  void requireRoom(long bytes) {
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      if (free < bytes) {
        throw new IllegalArgumentException(
            "the export needs %,d bytes, but only %,d are free where it goes: free some, or name another --out"
                .formatted(bytes, free));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the free space of " + directory, e);
    }
  }

  /// Gives the whole directory the name of the destination.
  void moveAll(Path out) {
    move(directory, out);
  }

  /// Gives one of the files its name.
  void move(Path file, Path out) {
    try {
      Files.move(file, out.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + out, e);
    }
  }

  @Override
  public void close() {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(directory, new Deletion());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + directory, e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
