package dev.farspan.bench;

import static dev.farspan.bench.Inputs.HEADS;
import static dev.farspan.bench.Inputs.HEAD_DIM;
import static dev.farspan.bench.Inputs.KV_HEADS;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.attention.Attention;
import dev.farspan.runtime.attention.AttentionCall;
import dev.farspan.runtime.attention.BlockPlan;
import dev.farspan.runtime.attention.BlockRetrieval;
import dev.farspan.runtime.attention.LandmarkKeys;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.kvcache.KvCache;
import dev.farspan.runtime.kvcache.LayerCache;
import dev.farspan.runtime.weights.Norm;
import java.util.Random;

/// The attention of one layer of SmolLM2 over a filled cache.
final class AttentionLayer implements AutoCloseable {
  private static final double ROPE_THETA = 100_000; // SmolLM2's config.json
  private static final AttentionConfig CONFIG =
      new AttentionConfig(
          HEADS, KV_HEADS, HEAD_DIM, 1 / Math.sqrt(HEAD_DIM), 0, QkNorm.NONE, false);

  private final KvCache cache;
  private final BlockPlan plan;

  /// Makes a layer whose cache holds `length` positions.
  AttentionLayer(Random random, int length, CacheType type, Kernels kernels) {
    this.cache = new KvCache(1, type.layout(KV_HEADS, HEAD_DIM));
    this.plan = new BlockPlan(new AttentionPattern.Full(), table());
    LayerCache layer = cache.layer(0);
    layer.extend(length);
    for (int position = 0; position < length; position++) {
      float[] keys = Inputs.floats(random, CONFIG.kvSize());
      layer.store(kernels, position, keys, Inputs.floats(random, CONFIG.kvSize()), 0);
    }
    layer.seal(kernels);
  }

  static AttentionConfig config() {
    return CONFIG;
  }

  static RopeTable table() {
    float[] frequencies = new float[HEAD_DIM / 2];
    for (int p = 0; p < frequencies.length; p++) {
      frequencies[p] = (float) Math.pow(ROPE_THETA, -2.0 * p / HEAD_DIM); // RoFormer, eq. 15
    }
    return new RopeTable(frequencies, 1);
  }

  LayerCache cache() {
    return cache.layer(0);
  }

  /// Sets `out` to the outputs of `rows` queries from position `first` on.
  void attend(Attention attention, float[] queries, int first, int rows, float[] out) {
    plan.start(table(), first, rows);
    AttentionCall call =
        new AttentionCall(
            CONFIG, Norm.ABSENT, cache(), plan, BlockRetrieval.NONE, LandmarkKeys.NONE);
    attention.attend(call, queries, rows == 1, out);
  }

  @Override
  public void close() {
    cache.close();
  }
}
