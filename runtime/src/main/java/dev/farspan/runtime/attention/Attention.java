package dev.farspan.runtime.attention;

/// Attention of a block of queries over a layer's cache.
public sealed interface Attention permits FlashAttention, ReferenceAttention {
  /// Computes the outputs of all heads.
  ///
  /// @param call queries, cache and rules of the layer
  /// @param out (rows, heads * headDim); overwritten
  void attend(AttentionCall call, float[] out);
}
