package dev.farspan.runtime.decode;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.RopeConfig.Pairing;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.attention.Attention;
import dev.farspan.runtime.attention.AttentionCall;
import dev.farspan.runtime.attention.BlockPlan;
import dev.farspan.runtime.attention.BlockRetrieval;
import dev.farspan.runtime.decode.Maps.Phase;
import dev.farspan.runtime.kvcache.LayerCache;
import dev.farspan.runtime.weights.LayerWeights.AttentionWeights;
import dev.farspan.runtime.weights.Norm;
import dev.farspan.tensor.DType;

/// The attention block of a layer: projections, norms, cache, attention, output projection.
final class AttentionBlock {
  private static final float LARGEST_HALF = 65504; // (2 - 2^-10) * 2^15, IEEE 754 binary16

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

  /// What one layer's attention needs besides its weights.
  ///
  /// @param cache the layer's keys and values
  /// @param plan visibility and rotations
  /// @param retrieval the layer's old blocks
  /// @param pairing how the weights store pairs
  /// @param trainedLength L, for log-n scaling
  record Layer(
      LayerCache cache,
      BlockPlan plan,
      BlockRetrieval retrieval,
      Pairing pairing,
      int trainedLength) {}

  /// Sets `out` (rows, hidden) to the block's output for `x` (rows, hidden).
  void run(AttentionWeights weights, Layer layer, float[] x, Phase phase, float[] out) {
    project(weights, layer, x, phase);
    store(layer, phase.rows());
    AttentionCall.Queries queries = new AttentionCall.Queries(a.query, layer.cache());
    if (layer.plan().pattern() instanceof AttentionPattern.InfLlm) {
      layer.retrieval().choose(queries, layer.plan().first(), phase.rows(), maps.workers());
    }
    scaleQueries(layer, phase.rows());
    Norm sinks = weights.extras().sinks();
    attention.attend(
        new AttentionCall(heads, sinks, queries, layer.plan(), layer.retrieval(), phase.decode()),
        a.mixed);
    maps.apply(weights.output(), a.mixed, phase, out);
  }

  private void project(AttentionWeights weights, Layer layer, float[] x, Phase phase) {
    maps.with(weights.query(), a.query)
        .with(weights.key(), a.key)
        .with(weights.value(), a.value)
        .apply(x, phase);
    Norm queryNorm = weights.extras().queryNorm();
    Norm keyNorm = weights.extras().keyNorm();
    maps.eachRow(
        phase.rows(),
        r -> {
          shape(a.query, r * heads.querySize(), heads.heads(), queryNorm, layer);
          shape(a.key, r * heads.kvSize(), heads.kvHeads(), keyNorm, layer);
        });
  }

  /// Normalises the heads of one row and puts their pairs a half apart.
  private void shape(float[] x, int at, int count, Norm norm, Layer layer) {
    if (heads.qkNorm() == QkNorm.ALL_HEADS) {
      norms.one(norm, x, at, x);
    }
    int pairs = layer.plan().table().pairs();
    for (int h = at; h < at + count * heads.headDim(); h += heads.headDim()) {
      if (heads.qkNorm() == QkNorm.PER_HEAD) {
        norms.one(norm, x, h, x);
      }
      if (layer.pairing() == Pairing.ADJACENT) {
        separate(x, h, pairs);
      }
    }
  }

  /// Moves elements 2p and 2p + 1 to p and p + pairs.
  private static void separate(float[] x, int at, int pairs) {
    float[] second = new float[pairs];
    for (int p = 0; p < pairs; p++) {
      second[p] = x[at + 2 * p + 1];
      x[at + p] = x[at + 2 * p];
    }
    System.arraycopy(second, 0, x, at + pairs, pairs);
  }

  private void store(Layer layer, int rows) {
    LayerCache cache = layer.cache();
    int first = layer.plan().first();
    cache.extend(first + rows);
    Kernels kernels = maps.kernels();
    int headDim = heads.headDim();
    if (cache.dtype() == DType.F16) {
      requireHalf("key", a.key, rows);
      requireHalf("value", a.value, rows);
    }
    for (int r = 0; r < rows; r++) {
      int position = first + r;
      var page = cache.page(position / Kernels.TILE);
      long slot = position % Kernels.TILE * cache.shape().rowBytes();
      for (int h = 0; h < heads.kvHeads(); h++) {
        int at = r * heads.kvSize() + h * headDim;
        kernels.store(a.key, at, headDim, cache.dtype(), page, cache.keyOffset(h) + slot);
        kernels.store(a.value, at, headDim, cache.dtype(), page, cache.valueOffset(h) + slot);
      }
    }
  }

  /// Refuses what F16 would store as infinity and the softmax then lose.
  private void requireHalf(String what, float[] x, int rows) {
    for (int i = 0; i < rows * heads.kvSize(); i++) {
      if (Math.abs(x[i]) > LARGEST_HALF) {
        throw new IllegalStateException(
            "a "
                + what
                + " of "
                + x[i]
                + " is too large for an f16 KV cache; use an f32 cache for this model");
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
