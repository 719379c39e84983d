package dev.farspan.bench;

import dev.farspan.kernels.Workers;
import dev.farspan.runtime.attention.Attention;
import dev.farspan.runtime.attention.FlashAttention;
import dev.farspan.runtime.attention.ReferenceAttention;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;

/// Attention of one layer: the last 512 of `length` tokens as a block of prefill, or the last one
/// alone as in decode.
public class FlashAttentionBenchmark extends CheckedBenchmark {
  private static final int BLOCK = 512;
  private static final int CHECKED_ROWS = 2;

  /// Tokens in the cache.
  @Param({"1024", "4096"})
  public int length = 1024;

  /// How keys and values are stored.
  @Param({"f32", "f16", "q8_0"})
  public String cacheType = "f32";

  /// Threads that share the work.
  @Param({"1", "2"})
  public int threads = 1;

  private Workers workers = new Workers(1);
  private Attention attention = new ReferenceAttention();
  private @Nullable AttentionLayer layer;
  private float[] queries = {};
  private float[] out = {};

  /// Makes a benchmark.
  public FlashAttentionBenchmark() {}

  @Override
  protected void prepare(Random random) {
    workers = new Workers(threads);
    attention = new FlashAttention(FAST, workers);
    layer = new AttentionLayer(random, length, CacheType.parse(cacheType), FAST);
    queries = Inputs.floats(random, BLOCK * AttentionLayer.config().querySize());
    out = new float[queries.length];
  }

  private AttentionLayer layer() {
    if (layer == null) {
      throw new IllegalStateException("the benchmark has not been set up");
    }
    return layer;
  }

  /// The last rows of the block against the reference, which takes a tenth of a second for each.
  @Override
  protected void check() {
    int size = AttentionLayer.config().querySize();
    float[] last = tail(queries, CHECKED_ROWS * size);
    float[] expected = new float[last.length];
    layer().attend(new ReferenceAttention(), last, length - CHECKED_ROWS, CHECKED_ROWS, expected);
    // Float32 scores of magnitude 3 err by 64 roundings, so weights by about 1e-5 of themselves;
    // outputs are means of values of magnitude 1.
    agree(tail(prefill(), last.length), expected, 2e-5, 1);
    agree(Arrays.copyOf(decode(), size), tail(expected, size), 2e-5, 1);
  }

  private static float[] tail(float[] x, int count) {
    return Arrays.copyOfRange(x, x.length - count, x.length);
  }

  /// A block of prefill: `4 * 9 * 64` operations for each pair of a query and a key that it sees.
  ///
  /// @return the outputs (512, 576)
  @Benchmark
  public float[] prefill() {
    layer().attend(attention, queries, length - BLOCK, BLOCK, out);
    return out;
  }

  /// One token of decode: it reads the whole cache of the layer.
  ///
  /// @return the output, in the first 576 elements
  @Benchmark
  public float[] decode() {
    int size = AttentionLayer.config().querySize();
    System.arraycopy(queries, queries.length - size, out, 0, size);
    layer().attend(attention, out, length - 1, 1, out);
    return out;
  }

  /// Ends the threads and gives the cache back.
  @TearDown
  public void close() {
    workers.close();
    layer().close();
  }
}
