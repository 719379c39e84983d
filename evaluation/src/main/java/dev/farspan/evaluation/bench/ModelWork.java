package dev.farspan.evaluation.bench;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.Method;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.weights.FeedForwardWeights;
import dev.farspan.runtime.weights.LayerWeights;
import dev.farspan.runtime.weights.LayerWeights.AttentionWeights;
import dev.farspan.runtime.weights.Linear;
import dev.farspan.runtime.weights.Weights;
import java.util.List;
import java.util.stream.Stream;

/// The arithmetic and the memory traffic that a model needs at least: its matrices and attention.
///
/// A multiplication and an addition are two operations, so a token needs `2 * weights`, and
/// attention `4 * headDim` for each query head and visible key (Kaplan et al., arXiv 2001.08361,
/// table 1). Norms, rotations, the softmax and the row of the embedding are left out; they are less
/// than a hundredth.
final class ModelWork {
  private final ModelConfig config;
  private final double layerElements;
  private final double layerBytes;
  private final double headElements;
  private final double headBytes;
  private final double keyBytes;

  /// Counts a model's work with a cache of one type.
  ModelWork(ModelConfig config, Weights weights, CacheType cacheType) {
    this.config = config;
    List<Share> shares = weights.layers().stream().flatMap(l -> shares(config, l)).toList();
    this.layerElements = shares.stream().mapToDouble(s -> s.of(elements(s.map()))).sum();
    this.layerBytes = shares.stream().mapToDouble(s -> s.of(bytes(s.map()))).sum();
    this.headElements = elements(weights.head());
    this.headBytes = bytes(weights.head());
    int kvHeads = config.attention().kvHeads();
    long pageBytes = cacheType.layout(kvHeads, config.attention().headDim()).bytes();
    this.keyBytes = (double) pageBytes / Kernels.TILE;
  }

  /// A matrix and how much of it one token uses.
  private record Share(Linear map, double share) {
    double of(double whole) {
      return whole * share;
    }
  }

  /// Whether each token is computed once, so that its work can be told.
  static boolean tells(Method method) {
    return !(method.pattern() instanceof AttentionPattern.WindowRecompute);
  }

  /// Operations for the tokens at `from .. to - 1`, the logits of `wanted` of them computed.
  double flops(Method method, int from, int to, int wanted) {
    double attention = 4.0 * config.attention().querySize() * visible(method, from, to);
    return 2 * layerElements * (to - from) + attention + 2 * headElements * wanted;
  }

  /// Bytes read for the tokens at `from .. to - 1` one by one: all weights and the visible part of
  /// the cache for each.
  double bytes(Method method, int from, int to) {
    return (layerBytes + headBytes) * (to - from) + keyBytes * visible(method, from, to);
  }

  /// Pairs of a query and a key it sees, of all layers together.
  private double visible(Method method, int from, int to) {
    double pairs = 0;
    for (LayerConfig layer : config.layers()) {
      AttentionPattern pattern = method.patternOf(layer);
      for (int i = from; i < to; i++) {
        pairs += pattern.seen(i);
      }
    }
    return pairs;
  }

  private static Stream<Share> shares(ModelConfig config, LayerWeights layer) {
    AttentionWeights a = layer.attention();
    Stream<Share> attention =
        Stream.of(a.query(), a.key(), a.value(), a.output()).map(map -> new Share(map, 1));
    return Stream.concat(attention, shares(config.feedForward(), layer.feedForward()));
  }

  private static Stream<Share> shares(FeedForward config, FeedForwardWeights weights) {
    return switch (weights) {
      case FeedForwardWeights.Plain(Linear up, Linear down) ->
          Stream.of(up, down).map(map -> new Share(map, 1));
      case FeedForwardWeights.Gated gated -> maps(gated).map(map -> new Share(map, 1));
      case FeedForwardWeights.Routed(Linear router, List<FeedForwardWeights.Gated> experts) -> {
        double share = (double) ((FeedForward.Experts) config).expertsPerToken() / experts.size();
        yield Stream.concat(
            Stream.of(new Share(router, 1)),
            experts.stream().flatMap(ModelWork::maps).map(map -> new Share(map, share)));
      }
    };
  }

  private static Stream<Linear> maps(FeedForwardWeights.Gated gated) {
    return Stream.of(gated.gate(), gated.up(), gated.down());
  }

  private static double elements(Linear map) {
    return (double) map.weight().shape().elements();
  }

  private static double bytes(Linear map) {
    return (double) map.weight().data().byteSize();
  }
}
