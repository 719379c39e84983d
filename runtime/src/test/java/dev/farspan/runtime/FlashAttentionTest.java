package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.runtime.kvcache.CacheType;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// The tiled attention against the plain reference, for methods and sizes drawn at random.
class FlashAttentionTest {
  private static Runs fast;
  private static Runs reference;

  @BeforeContainer
  static void open() {
    fast = Runs.fast(GoldenData.ROOT.resolve("tiny/llama-default"));
    reference = Runs.reference(GoldenData.ROOT.resolve("tiny/llama-default"));
  }

  @AfterContainer
  static void close() {
    fast.close();
    reference.close();
  }

  @Provide
  Arbitrary<String> methods() {
    Arbitrary<Integer> size = Arbitraries.integers().between(1, 90);
    Arbitrary<Integer> small = Arbitraries.integers().between(1, 9);
    Arbitrary<String> frequencies =
        Arbitraries.of(
            "", "yarn:factor=3+", "dynamic-ntk+", "dynamic-yarn:stages=5+", "linear:factor=2+");
    Arbitrary<String> patterns =
        Combinators.combine(Arbitraries.integers().between(0, 8), size, small, small)
            .as(FlashAttentionTest::pattern);
    return Combinators.combine(frequencies, patterns).as(String::concat);
  }

  private static String pattern(int kind, int size, int a, int b) {
    return switch (kind) {
      case 0 -> "full";
      case 1 -> "window:size=" + size;
      case 2 -> "streaming:sinks=" + a + ",window=" + size;
      case 3 -> "self-extend:group=" + a + ",window=" + size;
      case 4 -> "rerope:logn=true,window=" + size;
      case 5 -> "leaky-rerope:window=" + size + ",k=" + (a + 0.5);
      case 6 -> "lm-infinite:sinks=" + a + ",window=" + size;
      case 7 -> "dual-chunk:chunk=" + (size + a) + ",local=" + a;
      default ->
          "infllm:sinks=%d,local=%d,block=%d,topk=%d,representatives=1"
              .formatted(a, size, b, a % 4);
    };
  }

  @Property(tries = 150, seed = "20261124")
  void tilesAgreeWithTheReference(
      @ForAll("methods") String method,
      @ForAll("lengths") int length,
      @ForAll("blocks") int block,
      @ForAll boolean half) {
    int[] ids = new Random(length).ints(length, 3, 257).toArray();
    CacheType type = half ? CacheType.F16 : CacheType.F32;
    float[] tiles = fast.logits(method, ids, block, type);
    float[] plain = reference.logits(method, ids, block, type);
    // Float32 tiles against double precision sums, through three layers; F16 rounds both alike, but
    // a
    // key near the middle of two values may go either way after the first layer.
    assertThat(Runs.maxDifference(tiles, plain)).isLessThan(half ? 5e-3 : 1e-4);
  }

  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.of(1, 2, 31, 63, 64, 65, 100, 129, 193, 250);
  }

  @Provide
  Arbitrary<Integer> blocks() {
    return Arbitraries.of(1, 2, 13, 64, 65, 128, 300);
  }
}
