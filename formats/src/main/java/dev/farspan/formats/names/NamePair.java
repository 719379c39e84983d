package dev.farspan.formats.names;

/// One tensor of a model by both its names.
///
/// @param hf what transformers calls it
/// @param gguf what llama.cpp calls it
/// @param kind how the two formats differ in it
/// @param required whether a model without it is incomplete
public record NamePair(String hf, String gguf, Kind kind, boolean required) {
  /// How a tensor differs between the formats.
  public enum Kind {
    /// Not at all.
    SAME,
    /// Rows of the queries, whose pairs may be stored in another order.
    QUERY,
    /// Rows of the keys, whose pairs may be stored in another order.
    KEY,
    /// A gain, which Gemma stores less one.
    GAIN
  }
}
