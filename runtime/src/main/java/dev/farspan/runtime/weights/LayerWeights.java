package dev.farspan.runtime.weights;

/// The parameters of one layer.
///
/// @param attention projections and norms of the attention
/// @param norms the normalisations around attention and feed-forward
/// @param feedForward the feed-forward block
public record LayerWeights(
    AttentionWeights attention, LayerNorms norms, FeedForwardWeights feedForward) {

  /// The normalisations of a layer; absent where its placement has none.
  ///
  /// @param beforeAttention on the input of attention
  /// @param afterAttention on the output of attention
  /// @param beforeFeedForward on the input of feed-forward
  /// @param afterFeedForward on the output of feed-forward
  public record LayerNorms(
      Norm beforeAttention, Norm afterAttention, Norm beforeFeedForward, Norm afterFeedForward) {}

  /// Projections of the attention.
  ///
  /// @param query (heads * headDim, hidden)
  /// @param key (kvHeads * headDim, hidden)
  /// @param value (kvHeads * headDim, hidden)
  /// @param output (hidden, heads * headDim)
  /// @param extras what some families add
  public record AttentionWeights(
      Linear query, Linear key, Linear value, Linear output, Extras extras) {}

  /// What some families add to attention.
  ///
  /// @param queryNorm on queries before RoPE, or absent
  /// @param keyNorm on keys before RoPE, or absent
  /// @param sinks learned sink logits as gains (heads), or absent
  public record Extras(Norm queryNorm, Norm keyNorm, Norm sinks) {}
}
