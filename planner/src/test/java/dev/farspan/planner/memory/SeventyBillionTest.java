package dev.farspan.planner.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.planner.shape.KnownShapes;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Llama 2 70B at 128k: 80 layers, 64 heads, 8 of them with keys and values, headDim 128.
class SeventyBillionTest {
  private static final int TOKENS = 131_072;
  private static final ModelShape LLAMA =
      ModelShape.ofConfig("llama2-70b", KnownShapes.named("llama2-70b").config(), DType.F16);

  private static long cache(ModelShape shape, String method, DType type) {
    Reading reading = new Reading(TOKENS, 0, 512);
    Request request = new Request(MethodSpec.parse(method), CacheTypes.of(type), reading, 1, 2);
    return MemoryPlan.of(shape, request).caches();
  }

  @Test
  void takesMoreThanFortyGigabytesWithGroupedQueries() {
    // 2 * 131072 * 80 * 8 * 128 * 2
    assertThat(cache(LLAMA, "full", DType.F16)).isEqualTo(42_949_672_960L);
  }

  @Test
  void wouldTakeMoreThanThreeHundredAsMultiHead() {
    assertThat(cache(LLAMA.asMultiHead(), "full", DType.F16)).isEqualTo(8 * 42_949_672_960L);
  }

  @Test
  void aBoundedMethodKeepsItsWindowAndTheBlockInFlight() {
    long page = CacheTypes.of(DType.F16).pageBytes(LLAMA.config().attention());
    // 4096 positions and the 512 of a block, and a page at either end of the window.
    long most = 80 * page * ((4096 + 512) / CacheTypes.PAGE + 2);
    for (String method : List.of("window:size=4096", "streaming:sinks=4,window=4092")) {
      assertThat(cache(LLAMA, method, DType.F16)).as(method).isBetween(most * 9 / 10, most);
    }
    assertThat(cache(LLAMA, "infllm:local=2048,topk=4", DType.F16))
        .isEqualTo(cache(LLAMA, "full", DType.F16));
  }

  @Test
  void quantisedTypesCountTheirScalesAndTheFloatsInFlight() {
    long f32 = cache(LLAMA, "full", DType.F32);
    // A block's 8 pages of one layer stay floats until they are read.
    long floats = 8 * CacheTypes.exactPageBytes(LLAMA.config().attention());
    assertThat(cache(LLAMA, "full", DType.Q8_0)).isEqualTo(f32 * 34 / 128 + floats);
    assertThat(cache(LLAMA, "full", DType.Q4_0)).isEqualTo(f32 * 18 / 128 + floats);
  }

  @Test
  void eachAlternativeFitsAndAPageMoreDoesNot() {
    Request request =
        new Request(
            MethodSpec.parse("full"), CacheTypes.of(DType.F16), new Reading(TOKENS, 0, 512), 1, 2);
    long memory = 160_000_000_000L; // weights take 138
    assertThat(MemoryPlan.of(LLAMA, request).total()).isGreaterThan(memory);
    List<Alternative> found = Alternatives.of(LLAMA, request, memory);
    assertThat(found)
        .extracting(Alternative::kind)
        .contains(Alternative.Kind.CACHE_TYPE, Alternative.Kind.METHOD, Alternative.Kind.CONTEXT)
        .doesNotContain(Alternative.Kind.BATCH);
    assertThat(found).allMatch(a -> a.plan().total() <= memory);
    int longest = Alternatives.longestContext(LLAMA, request, memory).orElseThrow();
    Request more = request.withTokens(longest + CacheTypes.PAGE);
    assertThat(MemoryPlan.of(LLAMA, more).total()).isGreaterThan(memory);
  }

  @Test
  void nothingFitsWhereTheWeightsAloneDoNot() {
    Request request =
        new Request(
            MethodSpec.parse("full"), CacheTypes.of(DType.F16), new Reading(64, 0, 64), 1, 2);
    assertThat(Alternatives.of(LLAMA, request, 24_000_000_000L)).isEmpty();
  }
}
