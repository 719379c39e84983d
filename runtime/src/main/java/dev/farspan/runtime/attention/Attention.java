package dev.farspan.runtime.attention;

/// How the outputs of attention are computed from queries, keys and values.
public sealed interface Attention permits FlashAttention, ReferenceAttention {
  /// Computes the attention of one block of queries.
  ///
  /// @param call the layer and its cache, which already holds the block's own keys
  /// @param queries (rows, heads * headDim), before RoPE, all factors on the query but scale and
  ///   attention factor applied
  /// @param decode whether the block is one token whose work may be split over positions
  /// @param out outputs (rows, heads * headDim)
  void attend(AttentionCall call, float[] queries, boolean decode, float[] out);
}
