package dev.farspan.runtime.engine;

import java.time.Duration;

/// What a generation gave and what it took.
///
/// @param text the continuation
/// @param promptTokens tokens read
/// @param generatedTokens tokens drawn
/// @param method the context method that was in force
/// @param finish why it ended
/// @param prefill time for the prompt
/// @param decode time for the continuation
/// @param cacheBytes memory of the KV cache at the end
public record GenerationResult(
    String text,
    int promptTokens,
    int generatedTokens,
    String method,
    Finish finish,
    Duration prefill,
    Duration decode,
    long cacheBytes) {

  /// Why a generation ended.
  public enum Finish {
    /// The model ended its text.
    END_OF_TEXT,
    /// A stop text appeared.
    STOP_TEXT,
    /// The number of tokens asked for was reached.
    MAX_TOKENS,
    /// The context limit was reached.
    CONTEXT_FULL
  }
}
