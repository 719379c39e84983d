package dev.farspan.runtime.kvcache;

import dev.farspan.context.attention.Retained;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Page;
import dev.farspan.kernels.PageLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keys and values of one layer. Position `j` lies in page `j / TILE`, slot `j % TILE`.
///
/// A quantised page is made from an exact one when its last slot is stored, so that every scale
/// comes from all the elements it serves. Queries of the same page read the exact one, later ones
/// the quantised one; what a query reads thus depends on its position alone, not on the blocks that
/// tokens are fed in. Exact pages that are complete live only until [#settle].
public final class LayerCache {
  private final PagePool pool;
  private final PagePool exactPool;
  private @Nullable Page[] pages = new Page[16];
  private @Nullable Page[] exact = new Page[16]; // of a quantised cache only
  private int firstLive;
  private int firstExact;
  private int sealed; // pages from here on are not complete
  private int length;
  private int spilled; // pages below are not in memory any more
  private int held; // the exact page this position continues stays

  LayerCache(PagePool pool, PagePool exactPool) {
    this.pool = pool;
    this.exactPool = exactPool;
  }

  /// Returns how pages of the cache lie in memory.
  ///
  /// @return the layout
  public PageLayout layout() {
    return pool.layout();
  }

  /// Returns how many positions the layer has seen, dropped ones included.
  ///
  /// @return positions
  public int length() {
    return length;
  }

  /// Makes room for the positions up to `end`.
  ///
  /// @param end how many positions the sequence will have
  public void extend(int end) {
    int needed = Math.ceilDiv(end, Kernels.TILE);
    if (needed > pages.length) {
      pages = Arrays.copyOf(pages, Math.max(needed, pages.length * 2));
      exact = Arrays.copyOf(exact, pages.length);
    }
    for (int page = Math.ceilDiv(length, Kernels.TILE); page < needed; page++) {
      if (layout().quantised()) {
        exact[page] = exactPool.take();
      } else {
        pages[page] = pool.take();
      }
    }
    length = end;
  }

  /// Stores one position.
  ///
  /// @param kernels who stores
  /// @param position below [#length]
  /// @param keys its keys (kvHeads, headDim), before RoPE
  /// @param values its values (kvHeads, headDim)
  /// @param at index of the first element in both
  public void store(Kernels kernels, int position, float[] keys, float[] values, int at) {
    Page page = require((layout().quantised() ? exact : pages)[position / Kernels.TILE], position);
    kernels.store(page, position % Kernels.TILE, keys, values, at);
  }

  /// Quantises the pages that have become complete.
  ///
  /// @param kernels who quantises
  public void seal(Kernels kernels) {
    for (; layout().quantised() && (sealed + 1) * Kernels.TILE <= length; sealed++) {
      Page page = pool.take();
      kernels.quantise(require(exact[sealed], sealed * Kernels.TILE), page);
      pages[sealed] = page;
    }
  }

  /// Gives back the exact pages that are quantised: the next query is not one of theirs.
  public void settle() {
    for (; firstExact < sealed; firstExact++) {
      if (!continuesAtHeld(firstExact)) {
        give(exactPool, exact, firstExact);
      }
    }
  }

  /// Gives back the pages that hold only dead positions.
  ///
  /// @param retained what later queries may still see
  public void drop(Retained retained) {
    int from = Math.max(firstLive, Math.ceilDiv(retained.head(), Kernels.TILE));
    int to = Math.min(retained.tail(), length) / Kernels.TILE;
    for (int page = from; page < to; page++) {
      give(pool, pages, page);
    }
    // Everything below `to` outside the head is gone; the next sweep starts there.
    firstLive = Math.max(firstLive, to);
  }

  /// Moves pages to disk; they are read from there as they were.
  ///
  /// @param below only pages wholly below this position, one that the layer has
  public void spill(int below) {
    for (; (spilled + 1) * Kernels.TILE <= below; spilled++) {
      Page page = pages[spilled];
      if (page != null) {
        pages[spilled] = pool.toDisk(page);
      }
    }
  }

  /// Returns whether the layer still holds what it held when it had `kept` positions.
  ///
  /// @param kept how many positions are to be kept
  /// @param needed what the queries from there on may see
  /// @return false if a key they need was dropped, or if the page that would be continued has been
  ///   quantised as a whole
  public boolean canRewind(int kept, Retained needed) {
    int headEnd = Math.ceilDiv(needed.head(), Kernels.TILE) * Kernels.TILE;
    int liveFrom = firstLive * Kernels.TILE;
    boolean held = kept <= headEnd || liveFrom <= headEnd || needed.tail() >= liveFrom;
    boolean continued = kept % Kernels.TILE == 0 || !layout().quantised();
    return held && (continued || exact[kept / Kernels.TILE] != null);
  }

  /// Keeps the exact page that a position lies in the middle of.
  ///
  /// @param position one that [#canRewind] allows
  public void hold(int position) {
    int before = held / Kernels.TILE;
    held = position;
    if (before < firstExact && !continuesAtHeld(before)) {
      give(exactPool, exact, before);
    }
  }

  private boolean continuesAtHeld(int page) {
    return held % Kernels.TILE != 0 && held / Kernels.TILE == page;
  }

  /// Drops all positions from `kept` on.
  ///
  /// @param kept how many positions stay, one that [#canRewind] allows
  public void rewind(int kept) {
    int pagesKept = Math.ceilDiv(kept, Kernels.TILE);
    for (int page = pagesKept; page < Math.ceilDiv(length, Kernels.TILE); page++) {
      give(pool, pages, page);
      give(exactPool, exact, page);
    }
    sealed = Math.min(sealed, kept / Kernels.TILE);
    if (sealed < pagesKept && layout().quantised()) {
      give(pool, pages, sealed); // the exact page goes on
    }
    firstExact = Math.min(firstExact, sealed);
    firstLive = Math.min(firstLive, pagesKept);
    spilled = Math.min(spilled, kept / Kernels.TILE);
    length = kept;
  }

  private static void give(PagePool pool, @Nullable Page[] from, int page) {
    Page unused = from[page];
    if (unused != null) {
      pool.give(unused);
      from[page] = null;
    }
  }

  /// Returns a page as queries beyond it read it, or, while it is not complete, as all do.
  ///
  /// @param page index of the page
  /// @return its keys and values
  /// @throws IllegalStateException if its positions were dropped: a pattern saw what it gave up
  public Page page(int page) {
    Page stored = pages[page];
    return require(stored == null ? exact[page] : stored, page * Kernels.TILE);
  }

  /// Returns whether queries of a page read another one than later queries do.
  ///
  /// @param page index of the page
  /// @return whether [#ownPage] differs from [#page]
  public boolean hasOwnPage(int page) {
    return exact[page] != null && pages[page] != null;
  }

  /// Returns a page as its own queries read it.
  ///
  /// @param page index of the page
  /// @return its keys and values
  public Page ownPage(int page) {
    Page own = exact[page];
    return own == null ? page(page) : own;
  }

  /// Returns the page of a key as a query reads it.
  ///
  /// @param query position of the query
  /// @param key position of the key, not after it
  /// @return the exact page if both are on it, else the one for later queries
  public Page pageSeenFrom(int query, int key) {
    int page = key / Kernels.TILE;
    return query / Kernels.TILE == page ? ownPage(page) : page(page);
  }

  private static Page require(@Nullable Page page, int position) {
    if (page == null) {
      throw new IllegalStateException(
          "the page of position " + position + " of the KV cache was dropped");
    }
    return page;
  }
}
