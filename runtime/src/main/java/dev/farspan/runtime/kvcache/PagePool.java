package dev.farspan.runtime.kvcache;

import dev.farspan.kernels.Page;
import dev.farspan.kernels.PageLayout;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;

/// Off-heap pages of one layout. Pages that are given back are used again before new ones are made.
final class PagePool implements AutoCloseable {
  private static final int CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();
  private final Deque<Page> free = new ArrayDeque<>();
  private final PageLayout layout;
  private long made;

  PagePool(PageLayout layout) {
    this.layout = layout;
  }

  PageLayout layout() {
    return layout;
  }

  Page take() {
    Page page = free.poll();
    if (page == null) {
      page = new Page(layout, arena.allocate(layout.bytes(), CACHE_LINE));
      made++;
    }
    return page;
  }

  void give(Page page) {
    free.push(page);
  }

  /// Bytes of all pages ever made; they stay allocated until the pool is closed.
  long bytes() {
    return made * layout.bytes();
  }

  @Override
  public void close() {
    arena.close();
  }
}
