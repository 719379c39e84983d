package dev.farspan.evaluation.perplexity;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.ArrayList;
import java.util.List;

/// What is to be measured.
///
/// @param protocol which tokens are predicted from which
/// @param lengths tokens of a window, ascending
/// @param stride tokens that a sliding window moves by, and the size of the blocks that losses are
///   kept in
/// @param limit passes for each length at most
/// @param methods context methods
/// @param cacheType type of the KV cache
public record PerplexityPlan(
    Protocol protocol,
    List<Integer> lengths,
    int stride,
    int limit,
    List<MethodSpec> methods,
    CacheType cacheType) {
  private static final int SHORTEST = 3;

  /// Copies and checks the lists.
  ///
  /// @throws IllegalArgumentException if a length is not above the stride of a sliding window or
  ///   the limit is below 1
  public PerplexityPlan {
    lengths = lengths.stream().sorted().distinct().toList();
    methods = List.copyOf(methods);
    requirePositive("stride", stride);
    requirePositive("limit", limit);
    for (int length : lengths) {
      if (length < SHORTEST) {
        throw new IllegalArgumentException(
            "a length of %d tokens is too short: take one of at least %d"
                .formatted(length, SHORTEST));
      }
      if (length <= stride && protocol == Protocol.SLIDING) {
        throw new IllegalArgumentException(
            "a window of %d tokens is too short to move by a stride of %d: take a length above the stride, or a smaller stride"
                .formatted(length, stride));
      }
    }
  }

  private static void requirePositive(String what, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "the %s must be at least 1, got %d".formatted(what, count));
    }
  }

  /// Returns the passes of one length over documents, those too short left out.
  ///
  /// @param documents the texts
  /// @param length tokens of a window
  /// @return at most `limit` passes
  /// @throws IllegalArgumentException if every text is too short
  public List<Pass> passes(List<Document> documents, int length) {
    List<Pass> passes = new ArrayList<>();
    int longest = 0;
    for (int d = 0; d < documents.size(); d++) {
      passes.addAll(protocol.passes(d, documents.get(d).length(), length, stride));
      longest = Math.max(longest, documents.get(d).length());
    }
    if (passes.isEmpty()) {
      throw new IllegalArgumentException(
          "the longest text has %,d tokens where a length of %,d needs %,d: take a longer text or a smaller --lengths"
              .formatted(longest, length, protocol.needed(length)));
    }
    return passes.subList(0, Math.min(limit, passes.size()));
  }

  /// Returns how many documents are too short for a length.
  ///
  /// @param documents the texts
  /// @param length tokens of a window
  /// @return the count
  public int tooShort(List<Document> documents, int length) {
    return (int) documents.stream().filter(d -> d.length() < protocol.needed(length)).count();
  }
}
