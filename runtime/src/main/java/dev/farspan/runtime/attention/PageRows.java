package dev.farspan.runtime.attention;

import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Page;
import dev.farspan.runtime.kvcache.LayerCache;
import java.util.IdentityHashMap;

/// Pages of one kv head as plain rows, the last few read ones kept: for attention that picks keys
/// here and there.
final class PageRows {
  /// Pages kept, at most: 64 of 64 keys and values of 128 elements take 4 MB.
  private static final int MOST = 64;

  private final Kernels kernels;
  private final IdentityHashMap<Page, Rows> known = new IdentityHashMap<>();
  private float[] loaded = {}; // one page as the kernels lay it out
  private int headDim;
  private int kvHead;

  /// Keys and values (TILE, headDim) of a page.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Rows(float[] keys, float[] values) {}

  PageRows(Kernels kernels) {
    this.kernels = kernels;
  }

  /// Forgets all pages, which may have changed, and goes to a head.
  void start(int headDim, int kvHead) {
    known.clear();
    this.headDim = headDim;
    this.kvHead = kvHead;
    if (loaded.length != headDim * Kernels.TILE) {
      loaded = new float[headDim * Kernels.TILE];
    }
  }

  /// Returns the page of key `j` as query `i` reads it.
  Rows of(LayerCache cache, int i, int j) {
    Page page = cache.pageSeenFrom(i, j);
    Rows rows = known.get(page);
    if (rows == null) {
      if (known.size() == MOST) {
        known.clear();
      }
      rows = load(page);
      known.put(page, rows);
    }
    return rows;
  }

  private Rows load(Page page) {
    float[] keys = new float[loaded.length];
    float[] values = new float[loaded.length];
    kernels.loadKeys(page, kvHead, loaded);
    for (int d = 0; d < headDim; d++) {
      for (int t = 0; t < Kernels.TILE; t++) {
        keys[t * headDim + d] = loaded[d * Kernels.TILE + t];
      }
    }
    kernels.loadValues(page, kvHead, loaded);
    for (int t = 0; t < Kernels.TILE; t++) {
      for (int d = 0; d < headDim; d++) {
        values[t * headDim + d] = loaded[page.layout().valueIndex(t, d)];
      }
    }
    return new Rows(keys, values);
  }
}
