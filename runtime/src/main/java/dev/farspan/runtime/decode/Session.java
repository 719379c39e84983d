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
    return switch (options.method().pattern()) {
      case AttentionPattern.WindowRecompute(int size) ->
          new RecomputedSession(decoder, options, size);
      case AttentionPattern.Landmark _ -> new LandmarkSession(decoder, options);
      case AttentionPattern.MemoryTokens memory -> new SegmentedSession(decoder, options, memory);
      case AttentionPattern.Full _,
          AttentionPattern.Window _,
          AttentionPattern.Streaming _,
          AttentionPattern.SelfExtend _,
          AttentionPattern.ReRope _,
          AttentionPattern.LeakyReRope _,
          AttentionPattern.LmInfinite _,
          AttentionPattern.DualChunk _,
          AttentionPattern.InfLlm _,
          AttentionPattern.SoftPrompt _ ->
          new CachedSession(decoder, options);
    };
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

  /// Returns the largest position, no larger than the one asked for, that [#rewind] can go back to.
  ///
  /// It is less than what was asked for where the cache no longer holds what the queries from there
  /// on would see: a bounded pattern has dropped keys, a page of a quantised cache is complete (it
  /// was quantised as a whole), or InfLLM has forgotten queries that an old block is judged by. The
  /// start of the sequence can always be gone back to.
  ///
  /// @param position how many tokens to keep, between 0 and [#position]
  /// @return how many tokens can be kept
  /// @throws IllegalArgumentException if the position is negative or beyond the end
  int rewindable(int position);

  /// Keeps, from now on, all that going back to a position needs, until another is held.
  ///
  /// @param position a position that [#rewindable] returns now; 0 holds nothing
  /// @throws IllegalArgumentException if the cache can't go back there
  void hold(int position);

  /// Drops everything after a position; the next feed continues there.
  ///
  /// What is computed from then on equals, bit for bit, what a new session of the same options
  /// would compute that was fed the kept tokens and the new ones.
  ///
  /// @param position how many tokens to keep, one that [#rewindable] returns
  /// @throws IllegalArgumentException if the cache can't go back there
  void rewind(int position);

  /// Returns whether a session opened for a prompt of another length would compute the same.
  ///
  /// @param promptLength tokens of the other prompt
  /// @return false only if a method computes prompts whole and the lengths fall into different
  ///   stages
  boolean servesPromptOf(int promptLength);

  /// Returns the memory of the session's KV cache.
  ///
  /// @return bytes outside the heap
  long cacheBytes();

  @Override
  void close();
}
