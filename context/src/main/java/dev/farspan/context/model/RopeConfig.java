package dev.farspan.context.model;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;

/// One rotary embedding of a model and the scaling its file carries for it.
///
/// @param name the layer type it serves in nested `rope_parameters`, such as `full_attention`;
///   `all` where one serves every layer
/// @param base the embedding as trained
/// @param scaling the scaling the file carries, computed as transformers does
/// @param pairing which elements of a projected head form a pair
public record RopeConfig(String name, RopeBase base, FrequencyPolicy scaling, Pairing pairing) {

  /// Which elements of a head rotate together in the weights as stored.
  public enum Pairing {
    /// Element `p` with `p + rotaryDim / 2` (Hugging Face; GGUF "neox").
    HALVES,
    /// Element `2p` with `2p + 1` (Meta; GGUF "norm").
    ADJACENT
  }
}
