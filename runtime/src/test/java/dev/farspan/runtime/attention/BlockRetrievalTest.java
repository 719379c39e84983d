package dev.farspan.runtime.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.attention.AttentionPattern.InfLlm;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.kvcache.KvCache;
import dev.farspan.runtime.kvcache.LayerCache;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which blocks InfLLM retrieves, against the definition on docs/methods/infllm.md written out.
class BlockRetrievalTest {
  private static final int N = 220;
  private static final int KV_HEADS = 2;
  private static final int HEAD_DIM = 4;
  private static final AttentionConfig HEADS =
      new AttentionConfig(6, KV_HEADS, HEAD_DIM, 1, 0, QkNorm.NONE, false);

  // Small whole numbers: every sum is exact, so ties are ties whatever the order of the terms.
  private final float[] queries = whole(1, N * HEADS.querySize());
  private final float[] keys = whole(2, N * HEADS.kvSize());

  private static float[] whole(int seed, int count) {
    Random random = new Random(seed);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = random.nextInt(-4, 5);
    }
    return x;
  }

  @ParameterizedTest
  @CsvSource({
    // sinks, local, block, topk, representatives, rows fed together
    "5,24,7,2,3,1",
    "5,24,7,2,3,64",
    "5,24,7,2,3,220",
    "0,9,33,1,2,13",
    "70,3,16,3,16,50",
    "4,40,1,5,1,7",
    "4,16,8,0,2,31",
    "4,16,8,1000,2,31"
  })
  void theMostRelevantBlocksAreRetrieved(
      int sinks, int local, int block, int topk, int representatives, int rows) {
    InfLlm rule = new InfLlm(sinks, local, block, topk, representatives);
    BlockRetrieval retrieval = new BlockRetrieval(rule, HEADS);
    double[][] importance = importance(rule);
    try (Workers workers = new Workers(2);
        KvCache cache = new KvCache(1, CacheType.F32.layout(KV_HEADS, HEAD_DIM))) {
      for (int first = 0; first < N; first += rows) {
        int count = Math.min(rows, N - first);
        feed(cache.layer(0), first, count);
        float[] fed =
            Arrays.copyOfRange(
                queries, first * HEADS.querySize(), (first + count) * HEADS.querySize());
        retrieval.choose(fed, cache.layer(0), first, count, workers);
        for (int row = 0; row < count; row++) {
          check(rule, retrieval, row, expected(rule, first + row, importance), first + row);
        }
      }
    }
  }

  private void feed(LayerCache cache, int first, int count) {
    cache.extend(first + count);
    for (int j = first; j < first + count; j++) {
      cache.store(Kernels.best(), j, keys, keys, j * HEADS.kvSize());
    }
  }

  private static void check(
      InfLlm rule, BlockRetrieval retrieval, int row, Set<Integer> expected, int i) {
    for (int j = 0; j <= i - rule.local(); j++) {
      boolean seen = j >= rule.sinks() && expected.contains((j - rule.sinks()) / rule.block());
      assertThat(retrieval.sees(row, j)).as("i=%d j=%d", i, j).isEqualTo(seen);
    }
  }

  /// The `topk` most relevant of the blocks that are old for query `i`, earlier ones first.
  private Set<Integer> expected(InfLlm rule, int i, double[][] importance) {
    int blocks = Math.max(0, (i - rule.local() + 1 - rule.sinks()) / rule.block());
    double[] relevance = new double[blocks];
    Arrays.setAll(relevance, b -> relevance(rule, i, b, importance));
    return IntStream.range(0, blocks)
        .boxed()
        .sorted(Comparator.comparingDouble(b -> -relevance[b]))
        .limit(rule.topk())
        .collect(Collectors.toSet());
  }

  private double relevance(InfLlm rule, int i, int block, double[][] importance) {
    int start = rule.sinks() + block * rule.block();
    double sum = 0;
    for (int head = 0; head < KV_HEADS; head++) {
      double[] scores = importance[head];
      int kvHead = head;
      sum +=
          IntStream.range(start, start + rule.block())
              .boxed()
              .sorted(Comparator.comparingDouble(j -> -scores[j]))
              .limit(rule.representatives())
              .mapToDouble(j -> dot(i, j, kvHead))
              .sum();
    }
    return sum;
  }

  /// Each key's score as a representative of a key head: its products with the `local` queries
  /// after it.
  private double[][] importance(InfLlm rule) {
    double[][] scores = new double[KV_HEADS][N];
    for (int head = 0; head < KV_HEADS; head++) {
      int kvHead = head;
      Arrays.setAll(
          scores[head],
          j ->
              IntStream.rangeClosed(j + 1, Math.min(N - 1, j + rule.local()))
                  .mapToDouble(i -> dot(i, j, kvHead))
                  .sum());
    }
    return scores;
  }

  /// `q_i . k_j`, summed over the query heads of one key head.
  private double dot(int i, int j, int kvHead) {
    double sum = 0;
    for (int g = 0; g < HEADS.groupSize(); g++) {
      int query = i * HEADS.querySize() + (kvHead * HEADS.groupSize() + g) * HEAD_DIM;
      int key = j * HEADS.kvSize() + kvHead * HEAD_DIM;
      for (int d = 0; d < HEAD_DIM; d++) {
        sum += queries[query + d] * keys[key + d];
      }
    }
    return sum;
  }
}
