package dev.farspan.runtime.kvcache;

import dev.farspan.context.attention.Retained;
import dev.farspan.kernels.Kernels;
import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keys and values of one layer. Position `j` lies in page `j / TILE`, slot `j % TILE`.
///
/// A page holds, for each kv head in turn, its keys (TILE, headDim) before RoPE, then for each kv
/// head its values (TILE, headDim): one head's part of a page is contiguous and read from front to
/// back.
public final class LayerCache {
  private final PagePool pool;
  private final CacheShape shape;
  private @Nullable MemorySegment[] pages = new MemorySegment[16];
  private int firstLive;
  private int length;

  LayerCache(PagePool pool, CacheShape shape) {
    this.pool = pool;
    this.shape = shape;
  }

  /// Makes room for the positions up to `end`.
  ///
  /// @param end how many positions the sequence will have
  public void extend(int end) {
    int needed = Math.ceilDiv(end, Kernels.TILE);
    if (needed > pages.length) {
      pages = Arrays.copyOf(pages, Math.max(needed, pages.length * 2));
    }
    for (int page = Math.ceilDiv(length, Kernels.TILE); page < needed; page++) {
      pages[page] = pool.take();
    }
    length = end;
  }

  /// Gives back the pages that hold only dead positions.
  ///
  /// @param retained what later queries may still see
  public void drop(Retained retained) {
    int from = Math.max(firstLive, Math.ceilDiv(retained.head(), Kernels.TILE));
    int to = Math.min(retained.tail(), length) / Kernels.TILE;
    for (int page = from; page < to; page++) {
      MemorySegment dead = pages[page];
      if (dead != null) {
        pool.give(dead);
        pages[page] = null;
      }
    }
    // Everything below `to` outside the head is gone; the next sweep starts there.
    firstLive = Math.max(firstLive, to);
  }

  /// Returns a page.
  ///
  /// @param page index of the page
  /// @return its memory
  /// @throws IllegalStateException if its positions were dropped: a pattern saw what it gave up
  public MemorySegment page(int page) {
    MemorySegment memory = pages[page];
    if (memory == null) {
      throw new IllegalStateException("page " + page + " of the KV cache was dropped");
    }
    return memory;
  }

  /// Returns where the keys of a head start in a page.
  ///
  /// @param kvHead the head
  /// @return bytes
  public long keyOffset(int kvHead) {
    return kvHead * shape.headBytes();
  }

  /// Returns where the values of a head start in a page.
  ///
  /// @param kvHead the head
  /// @return bytes
  public long valueOffset(int kvHead) {
    return (shape.kvHeads() + kvHead) * shape.headBytes();
  }

  /// Returns how many positions the layer has seen, dropped ones included.
  ///
  /// @return positions
  public int length() {
    return length;
  }

  /// Returns the shape of a page.
  ///
  /// @return heads, elements and type
  public CacheShape shape() {
    return shape;
  }

  /// Returns the type keys and values are stored in.
  ///
  /// @return `F32` or `F16`
  public DType dtype() {
    return shape.dtype();
  }
}
