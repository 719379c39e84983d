package dev.farspan.runtime.kvcache;

import java.util.List;
import java.util.stream.IntStream;

/// Keys and values of one sequence, keys before RoPE.
///
/// A stored key does not depend on the context method, so a table may change at any length and a
/// position may be counted anew without touching the cache; the price is one rotation per key and
/// kv head when a tile is read. See docs/decisions/0002.
public final class KvCache implements AutoCloseable {
  private final PagePool pool;
  private final List<LayerCache> layers;

  /// Makes an empty cache.
  ///
  /// @param layers layers of the model
  /// @param shape what one position of one layer takes
  public KvCache(int layers, CacheShape shape) {
    PagePool pages = new PagePool(shape.pageBytes());
    this.pool = pages;
    this.layers = IntStream.range(0, layers).mapToObj(_ -> new LayerCache(pages, shape)).toList();
  }

  /// Returns the cache of a layer.
  ///
  /// @param layer index of the layer
  /// @return its keys and values
  public LayerCache layer(int layer) {
    return layers.get(layer);
  }

  /// Returns the memory the cache holds, pages kept for reuse included.
  ///
  /// @return bytes outside the heap
  public long bytes() {
    return pool.bytes();
  }

  @Override
  public void close() {
    pool.close();
  }
}
