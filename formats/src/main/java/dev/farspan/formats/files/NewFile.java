package dev.farspan.formats.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// A file being written. It has a temporary name beside its target until [#commit()] makes its
/// bytes durable and renames it, so that a target is whole or not there; without a commit,
/// [#close()] deletes it.
public final class NewFile implements AutoCloseable {
  private static final int CHUNK = 1 << 20;
  private static final String TEMPORARY = ".tmp";

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
  private boolean committed;

  private NewFile(Path target, Path temporary, FileChannel channel) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
  }

  /// Starts a file.
  ///
  /// @param target what it will be called
  /// @return the file, to be committed and closed
  /// @throws UncheckedIOException if it cannot be created
  public static NewFile create(Path target) {
    Path absolute = target.toAbsolutePath();
    Path temporary =
        absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
    try {
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new NewFile(absolute, temporary, channel);
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /// Deletes what killed processes have left of files that were to become this one. Nobody else may
  /// be writing it.
  ///
  /// @param target what they were to be called
  /// @throws UncheckedIOException if that fails
  public static void deleteLeftovers(Path target) {
    Path absolute = target.toAbsolutePath();
    String start = "." + absolute.getFileName() + ".";
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            absolute.resolveSibling("."),
            file -> {
              String name = String.valueOf(file.getFileName());
              return name.startsWith(start) && name.endsWith(TEMPORARY);
            })) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /// Writes bytes at a place. If that fails, the temporary file is gone.
  ///
  /// @param bytes what to write, of any size and kind of memory
  /// @param position where in the file
  /// @throws UncheckedIOException if they cannot be written
  public void write(MemorySegment bytes, long position) {
    for (long done = 0; done < bytes.byteSize(); done += CHUNK) {
      int size = (int) Math.min(CHUNK, bytes.byteSize() - done);
      chunk.clear().limit(size);
      MemorySegment.ofBuffer(chunk).copyFrom(bytes.asSlice(done, size));
      write(chunk, position + done);
    }
  }

  private void write(ByteBuffer buffer, long position) {
    try {
      long at = position;
      while (buffer.hasRemaining()) {
        at += channel.write(buffer, at);
      }
    } catch (IOException e) {
      close();
      throw failure(target, e);
    }
  }

  /// Makes the bytes durable and gives the file its name, replacing a file that has it.
  ///
  /// @throws UncheckedIOException if that fails; the target is then as it was
  public void commit() {
    try {
      channel.force(true);
      channel.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      committed = true;
      syncDirectory();
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /// The new name is durable only once its directory is. Windows cannot open a directory, and needs
  /// not: NTFS journals names.
  private void syncDirectory() throws IOException {
    if (target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel directory = FileChannel.open(target.resolveSibling("."))) {
        directory.force(true);
      }
    }
  }

  /// Deletes the temporary file unless it was committed.
  @Override
  public void close() {
    if (committed) {
      return;
    }
    try {
      channel.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private static UncheckedIOException failure(Path target, IOException e) {
    return new UncheckedIOException(target + ": cannot be written: " + Names.reason(e), e);
  }
}
