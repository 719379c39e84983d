package dev.farspan.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.runtime.engine.GenerationRequest.Context;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What is decided about a request before anything is computed, on a model with L = 64.
class ContextPlanTest {
  private static final ModelConfig MODEL = config();

  private static ModelConfig config() {
    try (Checkpoint checkpoint =
        Checkpoint.open(Path.of("src/test/resources/golden/tiny/llama-default"))) {
      return checkpoint.config();
    }
  }

  private static ContextPlan plan(
      String method, int limit, Overflow overflow, int prompt, int max) {
    Context context = new Context(MethodSpec.parse(method), limit, overflow, CacheType.F32);
    return ContextPlan.of(MODEL, context, prompt, max);
  }

  @Test
  void aPromptOverTheLimitIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> plan("none", 0, Overflow.ERROR, 65, 1))
        .hasMessage(
            "the prompt has 65 tokens, over the limit of 64 for method 'none'; shorten it, use"
                + " --method auto, or set --overflow stream or ignore");
    assertThatThrownBy(() -> plan("auto", 32, Overflow.ERROR, 33, 1))
        .hasMessageContaining("over the limit of 32");
  }

  @Test
  void aContinuationPastTheLimitIsAnnounced() {
    ContextPlan plan = plan("none", 0, Overflow.ERROR, 60, 10);
    assertThat(plan.limit()).isEqualTo(64);
    assertThat(plan.notes())
        .containsExactly("generation will stop at 64 tokens, the limit of this request");
  }

  @Test
  void overflowStreamsWithSinksAndSaysSo() {
    ContextPlan plan = plan("none", 0, Overflow.STREAM, 100, 10);
    assertThat(plan.method().pattern()).isEqualTo(new AttentionPattern.Streaming(4, 60));
    assertThat(plan.notes())
        .containsExactly(
            "110 tokens overflow the limit of 64: streaming with 4 sinks and the last 60");
  }

  @Test
  void overflowIgnoredRunsOnAndSaysSo() {
    ContextPlan plan = plan("none", 0, Overflow.IGNORE, 100, 10);
    assertThat(plan.method().pattern()).isEqualTo(new AttentionPattern.Full());
    assertThat(plan.limit()).isEqualTo(Integer.MAX_VALUE);
    assertThat(plan.notes()).hasSize(1);
  }

  @Test
  void autoTellsWhatItChose() {
    assertThat(plan("auto", 0, Overflow.ERROR, 100, 10).notes())
        .containsExactly("auto chose dynamic-yarn for 110 tokens");
    assertThat(plan("auto", 0, Overflow.ERROR, 1000, 10).method().name())
        .isEqualTo("none+streaming:sinks=4,window=60");
  }
}
