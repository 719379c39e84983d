package dev.farspan.evaluation.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Counted by hand from the shapes of [TinyModels].
class ModelWorkTest {
  private static final int LAYERS = 3;
  // queries and outputs 64 x 64, keys and values 64 x 32
  private static final int ATTENTION = 2 * 64 * 64 + 2 * 64 * 32;
  private static final int FEED_FORWARD = 3 * 64 * 96;
  private static final int HEAD = 257 * 64;

  private static ModelWork work(Model model, CacheType cacheType) {
    return new ModelWork(model.config(), model.weights(), cacheType);
  }

  private static Method method(Model model, String spec) {
    return Method.resolve(MethodSpec.parse(spec), model.config(), 64);
  }

  @Test
  void aPrefillMultipliesEveryTokenByEveryMatrixAndItsHeadOnlyWhereLogitsAreWanted() {
    try (Model model = TinyModels.open("llama-default")) {
      double pairs = LAYERS * 55; // 1 + 2 + ... + 10
      assertThat(work(model, CacheType.F32).flops(method(model, "none"), 0, 10, 1))
          .isEqualTo(
              2.0 * 10 * LAYERS * (ATTENTION + FEED_FORWARD) + 4.0 * 64 * pairs + 2.0 * HEAD);
    }
  }

  @ParameterizedTest
  @CsvSource({"f32,4", "f16,2", "f32/f16,3"})
  void decodeReadsAllWeightsAndTheCacheForEveryToken(String cacheType, int bytes) {
    try (Model model = TinyModels.open("llama-default")) {
      double weights = 4.0 * (LAYERS * (ATTENTION + FEED_FORWARD) + HEAD);
      double perKey = LAYERS * 2.0 * 2 * 16 * bytes; // keys and values of 2 heads of 16
      assertThat(work(model, CacheType.parse(cacheType)).bytes(method(model, "none"), 10, 12))
          .isEqualTo(2 * weights + perKey * (11 + 12));
    }
  }

  @Test
  void onlyTheExpertsOfATokenCount() {
    try (Model model = TinyModels.open("mixtral")) {
      double layer = ATTENTION + 4 * 64 + 2 * FEED_FORWARD; // a router of 4, 2 experts at work
      assertThat(work(model, CacheType.F32).flops(method(model, "none"), 0, 1, 0))
          .isEqualTo(LAYERS * (2 * layer + 4.0 * 64));
    }
  }

  /// The same token later costs only what its layer lets it see more.
  @ParameterizedTest
  @CsvSource({
    "llama-default,none,63",
    "llama-default,'streaming:sinks=4,window=20',23",
    "llama-default,'infllm:sinks=4,local=16,block=4,topk=2,representatives=2',27",
    "mistral-window,none,23"
  })
  void onlyVisibleKeysCount(String name, String spec, int more) {
    try (Model model = TinyModels.open(name)) {
      ModelWork work = work(model, CacheType.F32);
      Method method = method(model, spec);
      assertThat(work.flops(method, 63, 64, 0) - work.flops(method, 0, 1, 0))
          .isEqualTo(4.0 * 64 * LAYERS * more);
    }
  }
}
