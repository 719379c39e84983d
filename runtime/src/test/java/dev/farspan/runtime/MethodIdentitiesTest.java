package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every method must equal, and when, on a model with random weights and L = 64.
class MethodIdentitiesTest {
  private static final Path MODEL = GoldenData.ROOT.resolve("tiny/llama-default");
  private static final int TRAINED = 64;

  /// Other summation orders of the same terms in float32.
  private static final double ROUNDING = 1e-4;

  private static Runs runs;

  @BeforeAll
  static void open() {
    runs = Runs.fast(MODEL);
  }

  @AfterAll
  static void close() {
    runs.close();
  }

  static int[] ids(int count) {
    return new Random(20261124).ints(count, 3, 257).toArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file",
        "linear:factor=1",
        "ntk:factor=1",
        "yarn:factor=1",
        "ntk-by-parts:factor=1",
        "base:theta=10000",
        "self-extend:group=4,window=500",
        "rerope:window=500",
        "leaky-rerope:window=500,k=4",
        "window:size=500",
        "streaming:window=500",
        "lm-infinite:sinks=4,window=500",
        "dual-chunk:chunk=600,local=50",
        "infllm:local=500,topk=4",
        "window-recompute:size=500"
      })
  void aMethodWithNothingToDoIsTheBaseModelBitForBit(String method) {
    assertThat(runs.logits(method, ids(150), 64)).isEqualTo(runs.logits("none", ids(150), 64));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto",
        "dynamic-linear",
        "dynamic-ntk",
        "dynamic-ntk:factor=2",
        "dynamic-yarn",
        "dynamic-yarn:stages=exact",
        "dynamic-yarn:stages=3"
      })
  void theFirstTrainedTokensAreTheBaseModelBitForBitHoweverLongThePrompt(String method) {
    for (int block : new int[] {1, 7, 50, 200}) {
      float[] base = runs.logits("none", ids(150), block);
      float[] scaled = runs.logits(method, ids(150), block);
      int within = TRAINED * 257;
      assertThat(Arrays.copyOf(scaled, within)).isEqualTo(Arrays.copyOf(base, within));
      assertThat(Runs.maxDifference(base, scaled)).isGreaterThan(0.01);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic-yarn:whole=true", "dynamic-ntk:whole=true,stages=exact"})
  void theWholePromptModeIsTheBaseModelForAShortPromptOnly(String method) {
    assertThat(runs.logits(method, ids(64), 64)).isEqualTo(runs.logits("none", ids(64), 64));
    float[] longer = runs.logits(method, ids(100), 64);
    assertThat(longer[257 * 10]).isNotEqualTo(runs.logits("none", ids(100), 64)[257 * 10]);
  }

  @ParameterizedTest
  @CsvSource({
    "'self-extend:group=1,window=16', none",
    "'leaky-rerope:window=24,k=1', none",
    "'streaming:sinks=0,window=30', 'window:size=30'",
    "'lm-infinite:sinks=0,window=30', 'window:size=30'",
    "'infllm:sinks=8,local=24,block=5,topk=1000,representatives=2', 'rerope:window=24'",
    "'infllm:sinks=7,local=40,block=1,topk=0,representatives=1', 'lm-infinite:sinks=7,window=40'"
  })
  void twoMethodsThatMeanTheSameAgree(String method, String same) {
    float[] a = runs.logits(method, ids(150), 64);
    assertThat(Runs.maxDifference(a, runs.logits(same, ids(150), 64))).isLessThan(ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "dynamic-yarn",
        "streaming:sinks=4,window=28",
        "self-extend:group=4,window=16",
        "infllm:sinks=4,local=24,block=8,topk=2,representatives=2",
        "file"
      })
  void theSameRequestGivesTheSameBitsAfterAnyOther(String method) {
    float[] first = runs.logits(method, ids(130), 64);
    runs.logits("dynamic-ntk", ids(190), 64);
    runs.logits("dual-chunk:chunk=48,local=8", ids(11), 1);
    assertThat(runs.logits(method, ids(130), 64)).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "window:size=100",
        "streaming:sinks=4,window=96",
        "lm-infinite:sinks=4,window=96",
        "dynamic-yarn+streaming:sinks=70,window=60"
      })
  void boundedPatternsKeepBoundedMemory(String method) {
    int[] ids = ids(3000);
    try (Session session = runs.session(method, ids.length, CacheType.F32)) {
      // Blocks meet pages at the same places from 400 on, so 1000 tokens show the largest cache.
      session.feed(Arrays.copyOf(ids, 400), 32, LogitsSink.NONE, _ -> {});
      session.feed(Arrays.copyOfRange(ids, 400, 1000), 32, LogitsSink.NONE, _ -> {});
      long full = session.cacheBytes();
      session.feed(Arrays.copyOfRange(ids, 1000, 3000), 32, LogitsSink.NONE, _ -> {});
      assertThat(session.cacheBytes()).isEqualTo(full);
    }
  }

  @Test
  void halfPrecisionKeysAndValuesStayClose() {
    float[] exact = runs.logits("none", ids(150), 64);
    float[] half = runs.logits("none", ids(150), 64, CacheType.F16);
    // F16 has 11 bits: relative errors of 2^-12 on keys and values, through three layers.
    assertThat(Runs.maxDifference(exact, half)).isBetween(1e-6, 1e-2);
  }

  /// Queries of a page read its exact keys and later ones the quantised, however tokens are fed.
  @ParameterizedTest
  @CsvSource({
    "none, q8_0",
    "none, q4_0/f16",
    "'infllm:sinks=3,local=20,block=16,topk=2,representatives=2', q4_0",
    "'streaming:sinks=4,window=90', q8_0"
  })
  void quantisedCachesDoNotDependOnTheFeeding(String method, String type) {
    CacheType cache = CacheType.parse(type);
    float[] whole = runs.logits(method, ids(260), 260, cache);
    for (int block : new int[] {7, 64, 100}) {
      assertThat(runs.logits(method, ids(260), block, cache)).isEqualTo(whole);
    }
    assertThat(Runs.maxDifference(runs.logits(method, ids(260), 260), whole)).isPositive();
  }

  /// Work is split over positions from 8 tiles on, into at most 16 parts.
  @ParameterizedTest
  @CsvSource({
    "tiny/llama-default, none",
    "tiny/llama-default, 'dual-chunk:chunk=900,local=100'",
    "tiny/gpt-oss-sinks, file"
  })
  void aTokenWhoseWorkIsSplitOverPositionsAgreesWithItsBlock(String model, String method) {
    int[] ids = ids(3200);
    int alone = 3;
    try (Runs split = Runs.fast(GoldenData.ROOT.resolve(model));
        Session session = split.session(method, ids.length, CacheType.F32)) {
      float[] blocks = split.logits(method, ids, 64);
      float[] decoded = blocks.clone();
      int from = ids.length - alone;
      Arrays.fill(decoded, from * 257, decoded.length, Float.NaN);
      session.feed(Arrays.copyOf(ids, from), 64, LogitsSink.NONE, _ -> {});
      session.feed(Arrays.copyOfRange(ids, from, ids.length), 1, Runs.every(257, decoded), _ -> {});
      assertThat(Runs.maxDifference(blocks, decoded)).isLessThan(ROUNDING);
    }
  }

  /// The choice of blocks included.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "infllm:sinks=5,local=24,block=7,topk=2,representatives=3",
        "infllm:sinks=0,local=9,block=33,topk=1,representatives=2",
        "infllm:sinks=70,local=30,block=16,topk=1,representatives=4"
      })
  void whatIsRetrievedDoesNotDependOnTheBlocksOfTheFeed(String method) {
    float[] whole = runs.logits(method, ids(190), 190);
    assertThat(runs.logits(method, ids(190), 7)).isEqualTo(whole);
    assertThat(runs.logits(method, ids(190), 64)).isEqualTo(whole);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "window-recompute:size=5"})
  void aBlockOfNoTokensIsRefused(String method) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runs.logits(method, ids(9), 0))
        .withMessage("tokens are fed in blocks of at least 1, got a block of 0");
  }

  @Test
  void aTokenOutsideTheVocabularyIsRefused() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> runs.logits("none", new int[] {1, 257}, 64))
        .hasMessage("token id 257 is not in the vocabulary of 257");
  }
}
