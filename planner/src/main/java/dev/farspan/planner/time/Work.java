package dev.farspan.planner.time;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.Method;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.planner.shape.MatrixCount;
import java.util.List;

/// The work a sequence is: pairs of a query and a key it sees, and operations.
///
/// A multiplication and an addition are two operations: `2 N` for a token and `4 * heads * headDim`
/// for a pair (Kaplan et al., arXiv 2001.08361, table 1). Over a causal prefill of T tokens with
/// full attention that is `2 N T + 2 L H d T^2`.
public final class Work {
  private final ModelConfig config;
  private final Method method;
  private final MatrixCount matrices;
  private final List<Kind> kinds;

  private record Kind(AttentionPattern pattern, long layers) {}

  /// Makes the work of a model under a method.
  ///
  /// @param config the model's shape
  /// @param method the context method in force
  /// @param matrices elements of its matrices
  public Work(ModelConfig config, Method method, MatrixCount matrices) {
    this.config = config;
    this.method = method;
    this.matrices = matrices;
    this.kinds =
        config.layers().stream()
            .distinct()
            .map(kind -> new Kind(method.patternOf(kind), count(config, kind)))
            .toList();
  }

  private static long count(ModelConfig config, LayerConfig kind) {
    return config.layers().stream().filter(kind::equals).count();
  }

  /// Returns the pairs of all layers over a run of queries.
  ///
  /// @param from first query
  /// @param to one past the last
  /// @return pairs; those of window-recompute as if it were full attention
  public double pairs(int from, int to) {
    double pairs = 0;
    for (Kind kind : kinds) {
      double ofLayer = 0;
      for (int i = from; i < to; i++) {
        ofLayer += kind.pattern.seen(i);
      }
      pairs += ofLayer * kind.layers;
    }
    return pairs;
  }

  /// Returns the operations of a prefill, the logits of its last token computed.
  ///
  /// @param tokens tokens of the prompt
  /// @return operations
  public double prefillFlops(int tokens) {
    double rows = tokens;
    double pairs = pairs(0, tokens);
    if (method.pattern() instanceof AttentionPattern.MemoryTokens memory) {
      int last = (tokens - 1) / memory.segment();
      for (int segment = 1; segment <= last; segment++) {
        rows += memory.tokens() + memory.vectors(segment);
        pairs += config.layers().size() * unread(memory, segment);
      }
    }
    return 2.0 * matrices.used() * rows
        + 4.0 * config.attention().querySize() * pairs
        + 2.0 * matrices.headMatrix();
  }

  /// Pairs of queries that are no text: the memory tokens of the segment before this one, and the
  /// summaries that this one begins with.
  private static double unread(AttentionPattern.MemoryTokens memory, int segment) {
    double tokens = memory.tokens();
    double before = memory.vectors(segment - 1) + memory.segment();
    double vectors = memory.vectors(segment);
    return tokens * before + tokens * (tokens + 1) / 2 + vectors * (vectors + 1) / 2;
  }

  /// Returns the operations of one token at a position.
  ///
  /// @param position its index
  /// @return operations, its logits included
  public double decodeFlops(int position) {
    return 2.0 * matrices.multiplied()
        + 4.0 * config.attention().querySize() * pairs(position, position + 1);
  }

  /// Returns how many tokens each new one is computed from afresh.
  ///
  /// @return the size of window-recompute; 0 for methods that compute each token once
  public int recomputed() {
    return method.pattern() instanceof AttentionPattern.WindowRecompute(int size) ? size : 0;
  }
}
