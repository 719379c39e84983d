package dev.farspan.runtime.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.kvcache.KvCache;
import dev.farspan.runtime.kvcache.LayerCache;
import dev.farspan.runtime.weights.Norm;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The tiled attention against the plain reference over one and the same cache of any type, so that
/// not even a key near the middle of two values can come out differently.
class CacheTypesTest {
  private static final int HEAD_DIM = 24;

  @ParameterizedTest
  @CsvSource({
    // type, heads, kv heads, rows fed before, rows of the block
    "f32,6,2,0,200",
    "f16,6,2,100,1",
    "bf16,4,4,64,65",
    "q8_0,6,2,0,64",
    "q8_0,6,2,30,130",
    "q8_0,7,1,300,1",
    "q4_0,6,2,127,2",
    "q4_0/q8_0,6,2,200,1",
    "f16/q4_0,5,5,63,70",
    "q8_0/f16,16,2,0,257"
  })
  void tilesAgreeWithTheReference(String type, int heads, int kvHeads, int before, int rows) {
    AttentionConfig config =
        new AttentionConfig(heads, kvHeads, HEAD_DIM, 0.3, 0, QkNorm.NONE, false);
    RopeTable table = new RopeTable(new float[] {1f, 0.3f, 0.05f, 0.002f, 1e-4f}, 1.1);
    for (AttentionPattern pattern :
        new AttentionPattern[] {
          new AttentionPattern.Full(), new AttentionPattern.Streaming(3, 70)
        }) {
      BlockPlan plan = new BlockPlan(pattern, table);
      try (Workers workers = new Workers(2);
          KvCache cache = new KvCache(1, CacheType.parse(type).layout(kvHeads, HEAD_DIM))) {
        AttentionCall call =
            new AttentionCall(
                config, Norm.ABSENT, cache.layer(0), plan, BlockRetrieval.NONE, LandmarkKeys.NONE);
        Random random = new Random(before + rows);
        feed(cache.layer(0), random, before);
        cache.layer(0).settle();
        feed(cache.layer(0), random, rows);
        plan.start(table, before, rows);
        float[] queries = floats(random, rows * config.querySize());
        float[] expected = new float[queries.length];
        new ReferenceAttention().attend(call, queries, rows == 1, expected);
        float[] out = new float[queries.length];
        new FlashAttention(Kernels.best(), workers).attend(call, queries, rows == 1, out);
        for (int i = 0; i < out.length; i++) {
          // up to 300 weights of 3 or 4 roundings each, of values below 5
          assertThat(out[i]).isCloseTo(expected[i], within(1e-5f));
        }
      }
    }
  }

  private static void feed(LayerCache cache, Random random, int rows) {
    int first = cache.length();
    int size = cache.layout().kvHeads() * HEAD_DIM;
    cache.extend(first + rows);
    for (int r = 0; r < rows; r++) {
      cache.store(Kernels.best(), first + r, floats(random, size), floats(random, size), 0);
    }
    cache.seal(Kernels.best());
  }

  private static float[] floats(Random random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }
}
