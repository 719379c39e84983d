package dev.farspan.formats.files;

import dev.farspan.formats.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A whole file mapped into memory, read only. It owns the mapping.
public final class MappedFile implements AutoCloseable {
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Arena arena, MemorySegment bytes) {
    this.arena = arena;
    this.bytes = bytes;
  }

  /// Maps a file.
  ///
  /// @param path which
  /// @return the mapping, to be closed
  /// @throws FormatException if it does not exist, is a directory, or is empty
  /// @throws UncheckedIOException if it cannot be read
  @SuppressWarnings("MustBeClosedChecker") // the mapping owns the arena
  public static MappedFile open(Path path) {
    check(path);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path)) {
      return new MappedFile(
          arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException(path + ": cannot be read: " + Names.reason(e), e);
    }
  }

  private static void check(Path path) {
    if (Files.isDirectory(path)) {
      throw new FormatException(path.toString(), "is a directory, not a model file");
    }
    if (!Files.exists(path)) {
      throw new FormatException(path.toString(), "does not exist");
    }
    if (!Files.isRegularFile(path)) {
      throw new FormatException(path.toString(), "is a device or pipe, not a model file");
    }
    try {
      if (Files.size(path) == 0) {
        throw new FormatException(path.toString(), "is empty, not a model file");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be read: " + Names.reason(e), e);
    }
  }

  /// Returns the file's bytes.
  ///
  /// @return a read-only segment that lives until [#close()]
  public MemorySegment bytes() {
    return bytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
