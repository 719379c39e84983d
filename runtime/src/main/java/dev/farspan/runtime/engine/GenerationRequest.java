package dev.farspan.runtime.engine;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.sample.SamplingOptions;
import java.util.List;

/// What to continue, and how.
///
/// @param prompt token ids, at least one
/// @param maxTokens tokens to generate at most
/// @param context how method, limit and cache are chosen
/// @param sampling how tokens are drawn
/// @param stops texts that end the generation; they are not part of the result
/// @param block tokens computed together in prefill
public record GenerationRequest(
    List<Integer> prompt,
    int maxTokens,
    Context context,
    SamplingOptions sampling,
    List<String> stops,
    int block) {

  /// How much is read, and by which method.
  ///
  /// @param method the context method
  /// @param limit tokens of prompt and continuation together; 0 for what the method holds
  /// @param overflow what happens to a prompt beyond the limit
  /// @param cacheType what keys and values are stored as
  public record Context(MethodSpec method, int limit, Overflow overflow, CacheType cacheType) {
    /// Checks the limit.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Context {
      if (limit < 0) {
        throw new IllegalArgumentException("the context must be a positive length, got " + limit);
      }
    }
  }

  /// Checks the request.
  ///
  /// @throws IllegalArgumentException if the prompt is empty, a number out of range, or a stop text
  ///   empty
  public GenerationRequest {
    prompt = List.copyOf(prompt);
    stops = List.copyOf(stops);
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("the prompt is empty; give some text to continue");
    }
    for (int id : prompt) {
      if (id < 0) {
        throw new IllegalArgumentException(
            "the prompt has the token id " + id + "; ids start at 0");
      }
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("max-tokens must be at least 1, got " + maxTokens);
    }
    if (block < 1) {
      throw new IllegalArgumentException("block must be at least 1, got " + block);
    }
    if (stops.contains("")) {
      throw new IllegalArgumentException("a stop text is empty; remove it");
    }
  }
}
