package dev.farspan.context.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagesTest {
  private static final int L = 64;
  private static final RopeBase BASE = new RopeBase(16, 10_000, L);

  /// `stage(i)` of `method_oracle.py`: the stage of the query at index `i`.
  private static int oracle(int i) {
    int step = L / 8;
    return Math.max(L, Math.ceilDiv(i + 1, step) * step);
  }

  @Test
  void theProgressiveStageOfEveryPositionIsTheOracles() {
    FrequencySchedule schedule =
        FrequencySchedule.of(new FrequencyPolicy.DynamicYarn(1, Stages.PROGRESSIVE), BASE, 0);
    for (int i = 0; i < 5 * L; i++) {
      assertThat(schedule.stage(i)).isEqualTo(oracle(i));
    }
  }

  @Test
  void feedingIsSplitExactlyWhereTheStageChanges() {
    FrequencySchedule schedule =
        FrequencySchedule.of(new FrequencyPolicy.DynamicNtk(2, Stages.PROGRESSIVE), BASE, 0);
    for (int i = 0; i < 4 * L; i++) {
      int end = schedule.stageEnd(i);
      assertThat(schedule.stage(end - 1)).isEqualTo(schedule.stage(i));
      assertThat(schedule.stage(end)).isGreaterThan(schedule.stage(i));
    }
  }

  @Test
  void theTableOfAPositionIsPure() {
    FrequencySchedule schedule =
        FrequencySchedule.of(new FrequencyPolicy.DynamicYarn(1, Stages.PROGRESSIVE), BASE, 7);
    List<RopeTable> forwards = new ArrayList<>();
    for (int i = 0; i < 3 * L; i++) {
      forwards.add(schedule.table(i));
    }
    for (int i = 3 * L - 1; i >= 0; i--) { // after a longer length, and of another prompt
      assertThat(schedule.table(i)).isEqualTo(forwards.get(i));
      assertThat(
              FrequencySchedule.of(
                      new FrequencyPolicy.DynamicYarn(1, Stages.PROGRESSIVE), BASE, 1000)
                  .table(i))
          .isEqualTo(forwards.get(i));
    }
  }

  @Test
  void aWholePromptHasOneTableAndGrowsFromThere() {
    FrequencySchedule schedule =
        FrequencySchedule.of(new FrequencyPolicy.DynamicNtk(2, Stages.WHOLE_EXACT), BASE, 150);
    assertThat(schedule.stage(0)).isEqualTo(150);
    assertThat(schedule.stage(149)).isEqualTo(150);
    assertThat(schedule.stage(150)).isEqualTo(151);
  }

  @Test
  void longRopeSwitchesAtTheOriginalLengthUnlessThePromptIsWhole() {
    List<Double> ones = List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
    List<Double> twos = ones.stream().map(one -> 2 * one).toList();
    FrequencyPolicy progressive = new FrequencyPolicy.LongRope(ones, twos, L, 1, 4, false);
    FrequencySchedule schedule = FrequencySchedule.of(progressive, BASE, 200);
    assertThat(schedule.table(L - 1).inverseFrequency(0)).isEqualTo(1);
    assertThat(schedule.stageEnd(0)).isEqualTo(L);
    assertThat(schedule.table(L).inverseFrequency(0)).isEqualTo(0.5f);
    FrequencyPolicy whole = new FrequencyPolicy.LongRope(ones, twos, L, 1, 4, true);
    assertThat(FrequencySchedule.of(whole, BASE, 200).table(0).inverseFrequency(0)).isEqualTo(0.5f);
    assertThat(FrequencySchedule.of(whole, BASE, L).table(0).inverseFrequency(0)).isEqualTo(1);
  }

  @Test
  void aFixedTableHasNoEnd() {
    FrequencySchedule schedule = FrequencySchedule.of(new FrequencyPolicy.Linear(4), BASE, 100);
    assertThat(schedule.stageEnd(0)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aTrainedLengthThatEightDoesNotDivideStillNeverShrinks() {
    for (int trained : List.of(1, 3, 7, 9, 63, 65, 100, 4097)) {
      int before = 0;
      for (int n = 1; n < 3 * trained + 20; n++) {
        int stage = Stages.PROGRESSIVE.stage(n, trained);
        assertThat(stage)
            .isGreaterThanOrEqualTo(Math.max(n, trained))
            .isGreaterThanOrEqualTo(before);
        before = stage;
      }
    }
  }

  @Test
  void noStageAtAllIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Stages(0, false));
  }
}
