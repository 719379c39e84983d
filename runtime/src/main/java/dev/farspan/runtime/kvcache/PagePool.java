package dev.farspan.runtime.kvcache;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/// Off-heap pages of one size. Pages that are given back are used again before new ones are made.
final class PagePool implements AutoCloseable {
  private static final int CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();
  private final Deque<MemorySegment> free = new ArrayDeque<>();
  private final long pageBytes;
  private long made;

  PagePool(long pageBytes) {
    this.pageBytes = pageBytes;
  }

  MemorySegment take() {
    MemorySegment page = free.poll();
    if (page == null) {
      page = arena.allocate(pageBytes, CACHE_LINE);
      made++;
    }
    return page;
  }

  void give(MemorySegment page) {
    free.push(page);
  }

  /// Bytes of all pages ever made; they stay allocated until the pool is closed.
  long bytes() {
    return made * pageBytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
