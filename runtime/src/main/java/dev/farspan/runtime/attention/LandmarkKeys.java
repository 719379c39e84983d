package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Page;
import dev.farspan.runtime.kvcache.LayerCache;
import java.util.Arrays;

/// The landmarks' keys of one layer, before RoPE, kept beside the cache: a query chooses among old
/// blocks without touching their pages.
///
/// A key is read as the first query that may retrieve its block reads it, whatever the feeding.
public final class LandmarkKeys {
  /// For layers without landmarks.
  public static final LandmarkKeys NONE =
      new LandmarkKeys(
          new Landmark(1, 0, 0, Landmark.UNLIMITED),
          new AttentionConfig(1, 1, 2, 1, 0, AttentionConfig.QkNorm.NONE, false));

  private final Landmark rule;
  private final AttentionConfig heads;
  private float[] keys = {}; // (blocks, kvHeads, headDim)
  private int count;

  /// Makes an empty store.
  ///
  /// @param rule sizes of the method
  /// @param heads the model's heads
  public LandmarkKeys(Landmark rule, AttentionConfig heads) {
    this.rule = rule;
    this.heads = heads;
  }

  /// Takes in the landmarks of all blocks that a query may have to retrieve.
  ///
  /// @param cache the layer's cache
  /// @param last position of the query
  void takeIn(LayerCache cache, int last) {
    int width = heads.kvSize();
    int end = rule.old(last);
    if (end * width > keys.length) {
      keys = Arrays.copyOf(keys, Math.multiplyExact(2 * end, width));
    }
    for (; count < end; count++) {
      int landmark = count * rule.width() + rule.block();
      Page page = cache.pageSeenFrom((count + rule.local() + 1) * rule.width(), landmark);
      for (int x = 0; x < width; x++) {
        keys[count * width + x] =
            page.key(x / heads.headDim(), landmark % Kernels.TILE, x % heads.headDim());
      }
    }
  }

  /// Returns the keys (blocks, kvHeads, headDim).
  float[] keys() {
    return keys;
  }

  /// Forgets what only positions from `kept` on may need.
  ///
  /// @param kept how many positions stay
  public void rewind(int kept) {
    count = Math.min(count, kept == 0 ? 0 : rule.old(kept - 1));
  }
}
