package dev.farspan.evaluation.cells;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// The measurements of a run in a directory: one line of JSON each in `cells.jsonl`, appended and
/// made durable when the measurement is finished. Runs of any kind share the file; none reuses a
/// measurement of another.
public final class CellDirectory implements Cells, AutoCloseable {
  /// The name of the file.
  public static final String FILE = "cells.jsonl";

  private final Path file;
  private final String run;
  private final FileChannel channel;
  private final ConcurrentHashMap<Labels, JsonNode> values = new ConcurrentHashMap<>();

  private CellDirectory(Path file, RunHeader header, FileChannel channel) {
    this.file = file;
    this.run = header.id();
    this.channel = channel;
  }

  /// Begins a run, or goes on with it.
  ///
  /// A last line that was not written to its end is removed; its measurement is made again.
  ///
  /// @param directory where the file is; made if it is missing
  /// @param header what the run is
  /// @param notes hears what a user should know
  /// @return the run's measurements so far, to be closed; until then nobody else can write there
  /// @throws IllegalArgumentException if the directory is a file, another run is writing to it, or
  ///   a line before the last is damaged
  /// @throws UncheckedIOException if the file cannot be read or written
  public static CellDirectory open(Path directory, RunHeader header, Consumer<String> notes) {
    Path file = directory.resolve(FILE);
    FileChannel channel = openChannel(directory, file);
    try {
      lock(channel, directory);
      CellLines lines = new CellLines();
      channel.truncate(read(file, lines, notes));
      channel.position(channel.size());
      CellDirectory cells = new CellDirectory(file, header, channel);
      cells.values.putAll(lines.values(header));
      if (lines.add(header)) {
        cells.append(CellLines.of(header));
      }
      return cells;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e instanceof RuntimeException unchecked ? unchecked : failure(file, (IOException) e);
    }
  }

  /// Returns what a directory holds.
  ///
  /// @param directory where `cells.jsonl` is
  /// @param notes hears of a last line that was not written to its end
  /// @return every run, the first first
  /// @throws IllegalArgumentException if there is no such file or a line before the last is damaged
  /// @throws UncheckedIOException if the file cannot be read
  public static List<RunCells> read(Path directory, Consumer<String> notes) {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "there is no " + file + ": name the directory that an evaluation wrote with --out");
    }
    try {
      CellLines lines = new CellLines();
      read(file, lines, notes);
      return lines.runs();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static FileChannel openChannel(Path directory, Path file) {
    try {
      Files.createDirectories(directory);
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(
          directory + " is a file where a directory for the results is expected", e);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /// The lock ends with the process, however it ends.
  private static void lock(FileChannel channel, Path directory) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return;
      }
    } catch (OverlappingFileLockException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "another evaluation is writing to " + directory + ": let it end, or name another --out");
  }

  /// Returns how many bytes of the file are whole lines.
  private static long read(Path file, CellLines lines, Consumer<String> notes) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    List<String> whole = new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
    boolean damaged = lines.addAll(whole, file);
    if (damaged || end < bytes.length) {
      int last = end < bytes.length ? whole.size() + 1 : whole.size();
      notes.accept(
          "line %d of %s was not written to its end: that measurement is left out"
              .formatted(last, file));
    }
    return damaged ? end - whole.getLast().getBytes(StandardCharsets.UTF_8).length - 1L : end;
  }

  /// Returns how many measurements of this run there are.
  ///
  /// @return the count
  public int size() {
    return values.size();
  }

  @Override
  public Optional<JsonNode> find(Labels key) {
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public void keep(Cell cell) {
    append(CellLines.of(run, cell));
    values.put(cell.key(), cell.value());
  }

  private synchronized void append(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /// Ends the run; its measurements stay.
  ///
  /// @throws UncheckedIOException if the file cannot be closed
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static void closeAfter(Exception e, FileChannel channel) {
    try {
      channel.close();
    } catch (IOException second) {
      e.addSuppressed(second);
    }
  }

  private static UncheckedIOException failure(Path file, IOException e) {
    return new UncheckedIOException("cannot read or write " + file, e);
  }
}
