package dev.farspan.evaluation;

import dev.farspan.runtime.kvcache.CacheType;

/// What a curve depends on besides its method. Curves with the same key can be compared.
///
/// @param model fingerprint of the model's files
/// @param text fingerprint of the token ids
/// @param tokens how many
/// @param cacheType type of the KV cache
/// @param bands where the text is cut
public record ComparisonKey(
    String model, String text, int tokens, CacheType cacheType, Bands bands) {
  /// Returns the key of a comparison.
  ///
  /// @param model fingerprint of the model's files, from [Fingerprint#ofModel]
  /// @param tokens the text
  /// @param cacheType type of the KV cache
  /// @param bands where the text is cut
  /// @return the key
  public static ComparisonKey of(String model, int[] tokens, CacheType cacheType, Bands bands) {
    return new ComparisonKey(model, Fingerprint.ofTokens(tokens), tokens.length, cacheType, bands);
  }
}
