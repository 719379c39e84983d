package dev.farspan.runtime.attention;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.runtime.kvcache.LayerCache;
import dev.farspan.runtime.weights.Norm;

/// One layer's attention over one block of queries.
///
/// @param heads the model's heads, scale and cap
/// @param sinks learned sink logits of the heads, or absent
/// @param queries the block's queries before RoPE and the cache that holds its keys
/// @param plan visibility and rotations of the block
/// @param retrieval the layer's old blocks, for patterns that retrieve
/// @param decode whether the block is one token whose work may be split over positions
public record AttentionCall(
    AttentionConfig heads,
    Norm sinks,
    Queries queries,
    BlockPlan plan,
    BlockRetrieval retrieval,
    boolean decode) {

  /// The block's queries, and the cache, which already holds the block's own keys.
  ///
  /// @param values (rows, heads * headDim), before RoPE, all factors on the query but scale and
  ///   attention factor applied
  /// @param cache keys and values of the layer
  @SuppressWarnings("ArrayRecordComponent") // never compared; passed to the inner loops
  public record Queries(float[] values, LayerCache cache) {}
}
