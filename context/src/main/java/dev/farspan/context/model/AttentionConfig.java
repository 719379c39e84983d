package dev.farspan.context.model;

/// Heads of the attention and what happens to its scores.
///
/// @param heads query heads
/// @param kvHeads key/value heads; each serves `heads / kvHeads` query heads (GQA)
/// @param headDim elements of a head
/// @param scale factor on `q . k`, usually `1 / sqrt(headDim)`
/// @param softCap scores become `softCap * tanh(score / softCap)`; 0 for no cap
/// @param qkNorm normalisation of queries and keys before RoPE
/// @param sinks whether each head has a learned sink logit in its softmax (gpt-oss)
public record AttentionConfig(
    int heads,
    int kvHeads,
    int headDim,
    double scale,
    double softCap,
    QkNorm qkNorm,
    boolean sinks) {

  /// Where queries and keys are normalised before RoPE.
  public enum QkNorm {
    /// Not at all.
    NONE,
    /// Each head by itself (Qwen3, Gemma 3).
    PER_HEAD,
    /// All heads together (OLMo 2).
    ALL_HEADS
  }

  /// Checks the counts.
  ///
  /// @throws IllegalArgumentException if `heads` is not a multiple of `kvHeads`, `headDim` is odd,
  ///   or a count is not positive
  public AttentionConfig {
    ModelConfig.requirePositive("num_attention_heads", heads);
    ModelConfig.requirePositive("num_key_value_heads", kvHeads);
    ModelConfig.requirePositive("head_dim", headDim);
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads=" + heads + " is not a multiple of num_key_value_heads=" + kvHeads);
    }
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "RoPE rotates pairs, so head_dim must be even: " + headDim);
    }
    if ((long) heads * headDim > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "num_attention_heads=%d times head_dim=%d is more than %d elements"
              .formatted(heads, headDim, Integer.MAX_VALUE));
    }
    if (!(scale > 0) || Double.isInfinite(scale) || !(softCap >= 0)) {
      throw new IllegalArgumentException(
          "attention needs a positive finite scale and a soft cap of at least 0, got scale="
              + scale
              + " and softCap="
              + softCap);
    }
  }

  /// Returns how many query heads share one key/value head.
  ///
  /// @return the group size of GQA
  public int groupSize() {
    return heads / kvHeads;
  }

  /// Returns the elements of all query heads together.
  ///
  /// @return `heads * headDim`
  public int querySize() {
    return heads * headDim;
  }

  /// Returns the elements of all key (or value) heads together.
  ///
  /// @return `kvHeads * headDim`
  public int kvSize() {
    return kvHeads * headDim;
  }
}
