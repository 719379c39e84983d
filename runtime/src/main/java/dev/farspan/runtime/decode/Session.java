package dev.farspan.runtime.decode;

import dev.farspan.context.attention.AttentionPattern;
import java.util.function.IntConsumer;

/// One sequence under one context method.
///
/// What a session computes is a function of the tokens and the method alone: not of the sizes of
/// the blocks they are fed in (up to rounding between blocks of one token and longer ones), nor of
/// what ran before.
public interface Session extends AutoCloseable {
  /// Opens a sequence.
  ///
  /// @param decoder the model
  /// @param options method, prompt length and cache type
  /// @return an empty session
  static Session open(Decoder decoder, SessionOptions options) {
    return options.method().pattern() instanceof AttentionPattern.WindowRecompute(int size)
        ? new RecomputedSession(decoder, options, size)
        : new CachedSession(decoder, options);
  }

  /// Returns how many tokens have been fed.
  ///
  /// @return the position of the next token
  int position();

  /// Feeds tokens.
  ///
  /// @param tokens token ids
  /// @param block tokens computed together at most; 1 takes the path of decode, bound by memory
  /// @param sink who reads logits
  /// @param progress told the position reached after each block
  /// @throws IllegalArgumentException if `block` is less than 1 or a token id is not in the
  ///   vocabulary
  /// @throws IllegalStateException if logits are not finite
  void feed(int[] tokens, int block, LogitsSink sink, IntConsumer progress);

  /// Returns the memory of the session's KV cache.
  ///
  /// @return bytes outside the heap
  long cacheBytes();

  @Override
  void close();
}
