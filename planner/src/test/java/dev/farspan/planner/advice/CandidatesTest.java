package dev.farspan.planner.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodReach;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.shape.KnownShapes;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Llama 2 7B was trained for 4,096 tokens.
class CandidatesTest {
  private static final ModelShape SHAPE =
      ModelShape.ofConfig("7b", KnownShapes.named("llama2-7b").config(), DType.F16);

  private static Candidates of(int context, long memory, List<MethodSpec> asked) {
    return Candidates.of(SHAPE, new Need(context, CacheTypes.of(DType.F16), memory, 2), asked);
  }

  @ParameterizedTest
  @ValueSource(ints = {4097, 5000, 8192, 16384, 100_001})
  void everyStandardMethodReachesTheContext(int context) {
    List<MethodSpec> standard = Candidates.standard(SHAPE.config(), context);
    for (MethodSpec spec : standard) {
      Method method = Method.resolve(spec, SHAPE.config(), context);
      assertThat(MethodReach.of(method, SHAPE.config()))
          .as(spec.text())
          .isGreaterThanOrEqualTo(context);
    }
    Candidates all = of(context, Long.MAX_VALUE, standard);
    assertThat(all.skipped()).isEmpty();
    assertThat(all.methods()).hasSize(standard.size() + 1);
    assertThat(all.methods().getFirst().text()).isEqualTo("none");
  }

  @Test
  void parametersAreThoseOfThePapersInSharesOfTheTrainedLength() {
    assertThat(Candidates.standard(SHAPE.config(), 10_000))
        .extracting(MethodSpec::text)
        .contains(
            "yarn:factor=2.45",
            "dual-chunk:chunk=3072,local=512",
            "rerope:window=2048",
            "streaming:sinks=4,window=4092",
            "infllm:sinks=128,local=2048,block=128,topk=15");
  }

  @Test
  void methodsWhoseCacheIsTooLargeOrThatDoNotReachAreSkippedWithTheReason() {
    // 13.5 GB of weights; a token takes 0.5 MB in f16, so 65,536 take 34 GB and 4,096 take 2.1.
    Candidates some =
        of(
            65_536,
            20_000_000_000L,
            List.of(
                MethodSpec.parse("yarn:factor=2"),
                MethodSpec.parse("dynamic-yarn"),
                MethodSpec.parse("streaming:sinks=4,window=4092")));
    assertThat(some.methods())
        .extracting(MethodSpec::text)
        .containsExactly("streaming:sinks=4,window=4092");
    assertThat(some.skipped())
        .extracting(skipped -> skipped.method() + " " + skipped.reason())
        .anySatisfy(s -> assertThat(s).startsWith("none takes ").endsWith("where there are 20.0"))
        .contains("yarn:factor=2 holds up to 8,192 tokens only")
        .anySatisfy(s -> assertThat(s).startsWith("dynamic-yarn takes "));
  }
}
