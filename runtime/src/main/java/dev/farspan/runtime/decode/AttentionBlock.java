package dev.farspan.runtime.decode;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.RopeConfig.Pairing;
import dev.farspan.runtime.attention.Attention;
import dev.farspan.runtime.attention.AttentionCall;
import dev.farspan.runtime.attention.BlockPlan;
import dev.farspan.runtime.decode.Maps.Phase;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.kvcache.LayerCache;
import dev.farspan.runtime.weights.LayerWeights.AttentionWeights;
import dev.farspan.runtime.weights.Norm;
import dev.farspan.tensor.DType;
import java.util.Locale;

/// The attention block of a layer: projections, norms, cache, attention, output projection.
final class AttentionBlock {
  private final Maps maps;
  private final AttentionConfig heads;
  private final Normalisation norms;
  private final Attention attention;
  private final Activations a;

  AttentionBlock(
      Maps maps,
      AttentionConfig heads,
      Normalisation norms,
      Attention attention,
      Activations activations) {
    this.maps = maps;
    this.heads = heads;
    this.norms = norms;
    this.attention = attention;
    this.a = activations;
  }

  /// What one layer's attention needs besides its weights: the same objects for a whole sequence.
  ///
  /// @param call cache, plan and old blocks
  /// @param pairing how the weights store pairs
  /// @param trainedLength L, for log-n scaling
  record Layer(AttentionCall call, Pairing pairing, int trainedLength) {
    LayerCache cache() {
      return call.cache();
    }

    BlockPlan plan() {
      return call.plan();
    }
  }

  /// Sets `out` (rows, hidden) to the block's output for `x` (rows, hidden).
  void run(AttentionWeights weights, Layer layer, float[] x, Phase phase, float[] out) {
    project(weights, layer, x, phase);
    store(layer, phase.rows());
    if (layer.plan().pattern() instanceof AttentionPattern.InfLlm) {
      int first = layer.plan().first();
      layer.call().retrieval().choose(a.query, layer.cache(), first, phase.rows(), maps.workers());
    }
    scaleQueries(layer, phase.rows());
    attention.attend(layer.call(), a.query, phase.decode(), a.mixed);
    layer.cache().settle();
    maps.apply(weights.output(), a.mixed, phase, out);
  }

  private void project(AttentionWeights weights, Layer layer, float[] x, Phase phase) {
    maps.with(weights.query(), a.query)
        .with(weights.key(), a.key)
        .with(weights.value(), a.value)
        .apply(x, phase);
    Norm queryNorm = weights.extras().queryNorm();
    Norm keyNorm = weights.extras().keyNorm();
    if (phase.rows() == 1) {
      shape(0, queryNorm, keyNorm, layer);
    } else {
      maps.eachRow(phase.rows(), r -> shape(r, queryNorm, keyNorm, layer));
    }
  }

  private void shape(int row, Norm queryNorm, Norm keyNorm, Layer layer) {
    shape(a.query, row, heads.heads(), queryNorm, layer);
    shape(a.key, row, heads.kvHeads(), keyNorm, layer);
  }

  /// Normalises the heads of one row and puts their pairs a half apart.
  private void shape(float[] x, int row, int count, Norm norm, Layer layer) {
    int at = row * count * heads.headDim();
    if (heads.qkNorm() == QkNorm.ALL_HEADS) {
      norms.one(norm, x, at, x);
    }
    int pairs = layer.plan().table().pairs();
    for (int h = at; h < at + count * heads.headDim(); h += heads.headDim()) {
      if (heads.qkNorm() == QkNorm.PER_HEAD) {
        norms.one(norm, x, h, x);
      }
      if (layer.pairing() == Pairing.ADJACENT) {
        separate(x, h, pairs, row * heads.headDim());
      }
    }
  }

  /// Moves elements 2p and 2p + 1 to p and p + pairs.
  private void separate(float[] x, int at, int pairs, int scratch) {
    for (int p = 0; p < pairs; p++) {
      a.seconds[scratch + p] = x[at + 2 * p + 1];
      x[at + p] = x[at + 2 * p];
    }
    System.arraycopy(a.seconds, scratch, x, at + pairs, pairs);
  }

  private void store(Layer layer, int rows) {
    LayerCache cache = layer.cache();
    int first = layer.plan().first();
    cache.extend(first + rows);
    requireRange("key", a.key, rows, cache.layout().keyType());
    requireRange("value", a.value, rows, cache.layout().valueType());
    if (rows == 1) {
      cache.store(maps.kernels(), first, a.key, a.value, 0);
    } else {
      maps.eachRow(
          rows, r -> cache.store(maps.kernels(), first + r, a.key, a.value, r * heads.kvSize()));
    }
    cache.seal(maps.kernels());
  }

  /// Refuses what the cache's type would store as infinity and the softmax then lose.
  private void requireRange(String what, float[] x, int rows, DType type) {
    float limit = CacheType.limit(type);
    if (limit == Float.POSITIVE_INFINITY) {
      return;
    }
    for (int i = 0; i < rows * heads.kvSize(); i++) {
      if (!(Math.abs(x[i]) <= limit)) { // NaN too: no scale could stand for it
        throw new IllegalStateException(
            "a %s of %s is too large for a %s KV cache; use an f32 cache for this model"
                .formatted(what, x[i], type.name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  /// Applies log-n scaling, the one factor on a query that depends on its position.
  private void scaleQueries(Layer layer, int rows) {
    for (int r = 0; r < rows; r++) {
      int i = layer.plan().first() + r;
      double scale = layer.plan().pattern().queryScale(i, layer.trainedLength());
      if (scale != 1) {
        maps.kernels().scale(a.query, r * heads.querySize(), heads.querySize(), (float) scale);
      }
    }
  }
}
