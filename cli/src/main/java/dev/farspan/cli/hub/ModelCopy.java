package dev.farspan.cli.hub;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Takes a model on this machine into a directory of models, as a copy or as a hard link.
///
/// A copy is read back and compared before it gets its name.
public final class ModelCopy {
  private static final int CHUNK = 1 << 20;

  private final Reporter reporter;
  private final boolean link;

  /// Makes a copier.
  ///
  /// @param reporter who is told
  /// @param link whether to link to the same bytes instead of copying them
  public ModelCopy(Reporter reporter, boolean link) {
    this.reporter = reporter;
    this.link = link;
  }

  /// Returns where a model lies after it was taken in.
  ///
  /// @param source a GGUF file or a directory in Hugging Face's format
  /// @param store the directory of models; made if it is not there
  /// @param name what to call it
  /// @return the model's file or directory
  /// @throws IllegalArgumentException if something has that name, or a directory is no model
  /// @throws UncheckedIOException if a file cannot be read or written
  public Path take(Path source, Path store, String name) {
    Path target = store.resolve(name);
    if (Files.exists(target)) {
      throw new IllegalArgumentException(
          target + " exists: delete it, or choose another name with --name");
    }
    Path place = store.resolve("." + name + ".part");
    try {
      Files.createDirectories(store);
      if (Files.isDirectory(source)) {
        directory(source, place);
      } else {
        file(source, place);
      }
      Files.move(place, target, StandardCopyOption.ATOMIC_MOVE);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s could not be taken into %s: %s".formatted(source, store, reason(e)), e);
    }
  }

  private void directory(Path source, Path place) throws IOException {
    List<Path> files;
    try (var entries = Files.list(source)) {
      files = entries.filter(Files::isRegularFile).sorted().toList();
    }
    if (files.stream().noneMatch(file -> file.endsWith("config.json"))) {
      throw new IllegalArgumentException(
          source + " has no config.json, so it is no model in Hugging Face's format");
    }
    Files.createDirectories(place);
    for (Path file : files) {
      file(file, place.resolve(file.getFileName()));
    }
  }

  private void file(Path source, Path place) throws IOException {
    // Left by a run that was interrupted.
    Files.deleteIfExists(place);
    if (link) {
      Files.createLink(place, source.toRealPath());
      return;
    }
    long size = Files.size(source);
    if (size == 0) {
      Files.createFile(place);
      return;
    }
    Task task =
        new Task("copying " + source.getFileName(), Task.Unit.BYTES, size, Task.Pace.STEADY);
    try (Progress progress = reporter.progress(task, 0)) {
      copy(source, place, progress);
    }
    if (Files.mismatch(source, place) != -1) {
      Files.delete(place);
      throw new IOException("the copy differs from " + source + "; the disk may be failing");
    }
  }

  private static void copy(Path source, Path place, Progress progress) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (in.read(chunk.clear()) >= 0) {
        chunk.flip();
        while (chunk.hasRemaining()) {
          out.write(chunk);
        }
        progress.update(out.position());
      }
      out.force(true);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileAlreadyExistsException exists
        ? exists.getFile() + " is in the way"
        : String.valueOf(e.getMessage());
  }
}
