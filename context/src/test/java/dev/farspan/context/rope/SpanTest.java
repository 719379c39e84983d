package dev.farspan.context.rope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.Branch;
import dev.farspan.context.method.MethodSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpanTest {
  private static final RopeBase BASE = new RopeBase(16, 10_000, 64);
  private static final FrequencyPolicy DYNAMIC =
      new FrequencyPolicy.DynamicYarn(1, Stages.PROGRESSIVE);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "window:size=9", "streaming:sinks=4,window=9", "lm-infinite:sinks=4,window=9",
        "rerope:window=9", "dual-chunk:chunk=9,local=4", "infllm:local=9,topk=1"
      })
  void theSpanIsOneMoreThanTheLargestDistance(String text) {
    var composed = (MethodSpec.Choice.Composed) MethodSpec.parse(text).choice();
    AttentionPattern pattern = composed.pattern();
    double largest = 0;
    for (Branch branch : pattern.branches()) {
      for (int i = 0; i < 300; i++) {
        for (int j = 0; j <= i; j++) {
          largest = branch.sees(i, j) ? Math.max(largest, branch.distance(i, j)) : largest;
        }
      }
    }
    assertThat(pattern.span()).isEqualTo((int) largest + 1);
  }

  @Test
  void aDynamicPolicyStopsStretchingAtTheSpan() {
    FrequencySchedule schedule = FrequencySchedule.of(DYNAMIC, BASE, 0, 100);
    assertThat(schedule.stage(71)).isEqualTo(72);
    assertThat(schedule.stageEnd(71)).isEqualTo(72);
    assertThat(schedule.stage(96)).isEqualTo(104);
    assertThat(schedule.stage(5_000)).isEqualTo(104);
    assertThat(schedule.stageEnd(96)).isEqualTo(Integer.MAX_VALUE);
    assertThat(schedule.stageEnd(5_000)).isEqualTo(Integer.MAX_VALUE);
  }

  /// 65 is the span of `rerope:window=64`, whose largest distance is the trained length.
  @ParameterizedTest
  @ValueSource(ints = {1, 64, 65})
  void aSpanWithinTheTrainedLengthIsTheBaseModelForGood(int span) {
    FrequencySchedule schedule = FrequencySchedule.of(DYNAMIC, BASE, 0, span);
    assertThat(schedule.table(5_000)).isEqualTo(RopeTables.of(new FrequencyPolicy.None(), BASE, 1));
    assertThat(schedule.stageEnd(0)).isEqualTo(Integer.MAX_VALUE);
  }
}
