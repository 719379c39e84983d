package dev.farspan.cli.hub;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// Fetches one file: into a part file that a later run goes on with, which gets the file's name
/// only once its size and checksum are right.
final class Download {
  private static final int CHUNK = 1 << 18;

  private final Hub hub;
  private final Reporter reporter;
  private final Patience patience;

  /// How often a broken transfer is taken up again before giving up.
  ///
  /// @param attempts transfers in a row that may bring nothing
  /// @param pause time before the second; doubles each time
  record Patience(int attempts, Duration pause) {}

  Download(Hub hub, Reporter reporter, Patience patience) {
    this.hub = hub;
    this.reporter = reporter;
    this.patience = patience;
  }

  /// Fetches a file under its own name into a directory, unless it is there and whole.
  void fetch(RemoteFile file, Path target) {
    try {
      if (Files.exists(target)) {
        requireSame(file, target);
        return;
      }
      Path part = part(file, target);
      transfer(file, part);
      check(file, part);
      sync(part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s:%s could not be fetched: %s"
              .formatted(file.repository(), file.path(), e.getMessage()),
          e);
    }
  }

  /// The part file bears the identity of the content: a part of another version is not gone on
  /// with.
  private static Path part(RemoteFile file, Path target) {
    return target.resolveSibling(
        "." + target.getFileName() + "." + file.checksum().shortId() + ".part");
  }

  private void requireSame(RemoteFile file, Path target) throws IOException {
    if (Files.size(target) != file.size()
        || !file.checksum().of(target, _ -> {}).equals(file.checksum())) {
      throw new HubException(
          "%s exists and is not %s:%s: delete it, or choose another name with --name"
              .formatted(target, file.repository(), file.path()));
    }
    reporter.note(target.getFileName() + " is there already, and whole");
  }

  private void transfer(RemoteFile file, Path part) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    if (have > file.size()) {
      Files.delete(part);
      have = 0;
    }
    requireSpace(file, part, file.size() - have);
    if (file.size() == 0) {
      Files.write(part, new byte[0]);
      return;
    }
    if (have > 0) {
      reporter.note(
          "%s: going on after %s of %s"
              .formatted(file.name(), Amounts.bytes(have), Amounts.bytes(file.size())));
    }
    Task task = new Task(file.name(), Task.Unit.BYTES, file.size(), Task.Pace.STEADY);
    try (Progress progress = reporter.progress(task, have)) {
      transferPatiently(file, part, progress);
    }
  }

  private void transferPatiently(RemoteFile file, Path part, Progress progress) throws IOException {
    int fruitless = 0;
    while (true) {
      long before = Files.exists(part) ? Files.size(part) : 0;
      if (before == file.size()) {
        return;
      }
      try {
        append(file, part, before, progress);
      } catch (IOException e) {
        fruitless = Files.exists(part) && Files.size(part) > before ? 1 : fruitless + 1;
        if (fruitless >= patience.attempts()) {
          throw new IOException(
              "%s; %s of %s are kept, so run the command again to go on from there"
                  .formatted(
                      e.getMessage(),
                      Amounts.bytes(Files.exists(part) ? Files.size(part) : 0),
                      Amounts.bytes(file.size())),
              e);
        }
        pause(fruitless);
      }
    }
  }

  private void pause(int fruitless) throws IOException {
    try {
      Thread.sleep(patience.pause().multipliedBy(1L << (fruitless - 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private void append(RemoteFile file, Path part, long from, Progress progress) throws IOException {
    Hub.Body body = hub.open(file, from);
    try (InputStream in = body.stream();
        FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.truncate(body.from());
      out.position(body.from());
      copy(in, out, file.size(), progress);
    }
  }

  private static void copy(InputStream in, FileChannel out, long size, Progress progress)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      if (out.position() + n > size) {
        throw new IOException("the server sent more than the " + size + " bytes it promised");
      }
      ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, n);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      progress.update(out.position());
    }
    if (out.position() < size) {
      throw new IOException("the connection ended early");
    }
  }

  private void check(RemoteFile file, Path part) throws IOException {
    if (file.checksum().kind() == Checksum.Kind.NONE) {
      reporter.note(file.name() + ": the server told no checksum, so only the size was checked");
      return;
    }
    Checksum found = sum(file, part);
    if (!found.equals(file.checksum())) {
      Files.delete(part);
      throw new HubException(
          "%s:%s arrived with %s where %s is expected, and was thrown away: run the command again"
              .formatted(file.repository(), file.path(), found, file.checksum()));
    }
  }

  private Checksum sum(RemoteFile file, Path part) throws IOException {
    if (file.size() == 0) {
      return file.checksum().of(part, _ -> {});
    }
    Task task = new Task("checking", Task.Unit.BYTES, file.size(), Task.Pace.STEADY);
    try (Progress progress = reporter.progress(task, 0)) {
      return file.checksum().of(part, progress::update);
    }
  }

  private static void requireSpace(RemoteFile file, Path part, long needed) throws IOException {
    long free = Files.getFileStore(part.toAbsolutePath().getParent()).getUsableSpace();
    if (free < needed) {
      throw new HubException(
          "%s needs %s more and %s has %s left: make room, or set FARSPAN_MODELS to another place"
              .formatted(
                  file.name(), Amounts.bytes(needed), part.getParent(), Amounts.bytes(free)));
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
