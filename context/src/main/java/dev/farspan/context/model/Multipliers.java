package dev.farspan.context.model;

/// Constant factors of a model and the cap on its logits.
///
/// @param embedding factor on the embedding (Gemma: `sqrt(hidden_size)`; Granite
///   `embedding_multiplier`)
/// @param residual factor on what a block adds to the residual stream (Granite)
/// @param logits factor on the logits (Granite: `1 / logits_scaling`)
/// @param logitSoftCap logits become `cap * tanh(logit / cap)`; 0 for no cap (Gemma 2)
public record Multipliers(double embedding, double residual, double logits, double logitSoftCap) {
  /// No factor and no cap.
  public static final Multipliers NONE = new Multipliers(1, 1, 1, 0);
}
