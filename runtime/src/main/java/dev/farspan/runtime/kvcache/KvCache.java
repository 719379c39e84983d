package dev.farspan.runtime.kvcache;

import dev.farspan.kernels.PageLayout;
import java.util.List;
import java.util.stream.IntStream;

/// Keys and values of one sequence, keys before RoPE.
///
/// A stored key does not depend on the context method, so a table may change at any length and a
/// position may be counted anew without touching the cache; the price is one rotation per key and
/// kv head when a tile is read. See docs/decisions/0002.
public final class KvCache implements AutoCloseable {
  private final PagePool pool;
  private final PagePool exactPool;
  private final List<LayerCache> layers;

  /// Makes an empty cache.
  ///
  /// @param layers layers of the model
  /// @param layout what one page of one layer holds
  public KvCache(int layers, PageLayout layout) {
    this.pool = new PagePool(layout);
    this.exactPool = new PagePool(layout.exact());
    this.layers = IntStream.range(0, layers).mapToObj(_ -> layer()).toList();
  }

  private LayerCache layer() {
    return new LayerCache(pool, exactPool);
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
    return pool.bytes() + exactPool.bytes();
  }

  @Override
  public void close() {
    pool.close();
    exactPool.close();
  }
}
