package dev.farspan.runtime.kvcache;

import dev.farspan.kernels.Page;
import dev.farspan.kernels.PageLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/// Pages in a memory-mapped temporary file, which is gone when it is closed or the process ends:
/// reading one brings back what the operating system has put on disk.
final class SpilledPages implements AutoCloseable {
  /// Pages that the file grows by: large enough that mapping them costs nothing.
  private static final int PAGES = 64;

  private final Arena arena = Arena.ofShared();
  private final Deque<Page> free = new ArrayDeque<>();
  private final PageLayout layout;
  private final FileChannel file;
  private long made;

  SpilledPages(PageLayout layout) {
    this.layout = layout;
    try {
      Path path = Files.createTempFile("farspan-", ".cache");
      this.file =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.DELETE_ON_CLOSE));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary file for old keys and values", e);
    }
  }

  Page take() {
    if (free.isEmpty()) {
      grow();
    }
    return free.pop();
  }

  void give(Page page) {
    free.push(page);
  }

  private void grow() {
    long size = PAGES * layout.bytes();
    long from = made * layout.bytes();
    try {
      // Written, not just mapped: a full disk is an exception here, but kills the JVM on a store.
      ByteBuffer zeros = ByteBuffer.allocate(Math.toIntExact(layout.bytes()));
      for (int page = 0; page < PAGES; page++) {
        zeros.clear();
        for (long at = from + page * layout.bytes(); zeros.hasRemaining(); ) {
          at += file.write(zeros, at);
        }
      }
      MemorySegment memory = file.map(FileChannel.MapMode.READ_WRITE, from, size, arena);
      for (int page = PAGES - 1; page >= 0; page--) {
        free.push(new Page(layout, memory.asSlice(page * layout.bytes(), layout.bytes())));
      }
      made += PAGES;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write %d bytes of old keys and values to a temporary file: make room in %s"
              .formatted(size, System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  @Override
  public void close() {
    arena.close();
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the temporary file of old keys and values", e);
    }
  }
}
