package dev.farspan.runtime.kvcache;

import dev.farspan.kernels.Page;
import dev.farspan.kernels.PageLayout;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Off-heap pages of one layout, some of them on disk. Pages that are given back are used again
/// before new ones are made.
final class PagePool implements AutoCloseable {
  private static final int CACHE_LINE = 64;

  private final Arena arena = Arena.ofShared();
  private final Deque<Page> free = new ArrayDeque<>();
  private final PageLayout layout;
  private long made;
  private @Nullable SpilledPages disk;

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
    if (page.isMapped()) {
      disk().give(page);
    } else {
      free.push(page);
    }
  }

  /// Returns a page on disk with the content of one that is given back.
  Page toDisk(Page page) {
    if (page.isMapped()) {
      return page;
    }
    Page spilled = disk().take();
    page.copyTo(spilled);
    give(page);
    return spilled;
  }

  private SpilledPages disk() {
    SpilledPages known = disk;
    if (known == null) {
      known = new SpilledPages(layout);
      disk = known;
    }
    return known;
  }

  /// Bytes of all pages ever made in memory; they stay allocated until the pool is closed.
  long bytes() {
    return made * layout.bytes();
  }

  @Override
  public void close() {
    arena.close();
    SpilledPages known = disk;
    if (known != null) {
      known.close();
    }
  }
}
