package dev.farspan.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChartPartsTest {
  private static final String SEED = "20261124";

  @Property(seed = SEED)
  void labelsNeverCoverEachOther(
      @ForAll @Size(min = 1, max = 15) List<@DoubleRange(min = 0, max = 300) Double> ends) {
    List<EndLabel> labels = new ArrayList<>();
    for (int i = 0; i < ends.size(); i++) {
      labels.add(new EndLabel(i, "a method with two lines, as it is long", ends.get(i)));
    }
    double height = labels.getFirst().height();
    EndLabel.spread(labels, 0, Math.max(300, height * labels.size()));
    labels.sort(Comparator.comparingDouble(EndLabel::middle));
    for (int i = 1; i < labels.size(); i++) {
      // a hair less than its height: sums of doubles
      assertThat(labels.get(i).middle() - labels.get(i - 1).middle()).isGreaterThan(height - 1e-9);
    }
  }

  @Test
  void longNamesBreakWhereTheirPartsEnd() {
    assertThat(EndLabel.wrap("yarn:factor=4+streaming:sinks=4,window=1020"))
        .containsExactly("yarn:factor=4+streaming:", "sinks=4,window=1020");
    assertThat(EndLabel.wrap("x".repeat(30))).containsExactly("x".repeat(26), "xxxx");
    assertThat(EndLabel.wrap("none")).containsExactly("none");
  }

  @Property(seed = SEED)
  void theLossAxisHoldsEveryLossBetweenFewRoundTicks(
      @ForAll @DoubleRange(min = 0, max = 20) double a,
      @ForAll @DoubleRange(min = 0, max = 20) double b) {
    Axis axis = Axis.ofLosses(Math.min(a, b), Math.max(a, b));
    // the ends are multiples of the step, up to rounding
    assertThat(axis.from()).isLessThanOrEqualTo(Math.min(a, b) + 1e-9);
    assertThat(axis.to()).isGreaterThanOrEqualTo(Math.max(a, b) - 1e-9);
    assertThat(axis.ticks().size()).isBetween(2, 9);
    assertThat(axis.ticks().stream().map(axis::text).distinct()).hasSameSizeAs(axis.ticks());
  }

  @Property(seed = SEED)
  void theLogarithmicAxisHoldsEveryValueBetweenFewRoundTicks(
      @ForAll @DoubleRange(min = -4, max = 6) double a,
      @ForAll @DoubleRange(min = -4, max = 6) double b) {
    double least = Math.pow(10, Math.min(a, b));
    double most = Math.pow(10, Math.max(a, b));
    LogAxis axis = LogAxis.of(least, most);
    assertThat(axis.ticks().getFirst()).isLessThanOrEqualTo(least);
    assertThat(axis.ticks().getLast()).isGreaterThanOrEqualTo(most);
    assertThat(axis.ticks().size()).isBetween(2, 12);
    assertThat(axis.ticks()).isSorted().doesNotHaveDuplicates();
    assertThat(axis.at(axis.ticks().getLast(), 300, 0)).isZero();
  }

  @Test
  void logarithmicTicksAreOneTwoAndFive() {
    LogAxis axis = LogAxis.of(5.9, 88.3);
    assertThat(axis.ticks().stream().map(axis::text)).containsExactly("5", "10", "20", "50", "100");
    assertThat(axis.at(10 * Math.sqrt(10), 0, 1))
        .isCloseTo(0.6157, within(1e-4)); // ln 6.325 / ln 20
    assertThat(LogAxis.of(0.02, 0.02).ticks()).containsExactly(0.02, 0.05);
  }

  @Property(seed = SEED)
  void thePositionAxisHasFewTicksAtPowersOfTwo(
      @ForAll @IntRange(min = 2, max = 1_000_000) int tokens) {
    Axis axis = Axis.ofPositions(tokens);
    assertThat(axis.ticks().size()).isBetween(2, 10);
    assertThat(Long.bitCount((long) axis.step())).isEqualTo(1);
  }

  @Test
  void positionsAreWrittenAsLengthsOfContextAre() {
    Axis axis = Axis.ofPositions(16_384);
    assertThat(axis.ticks().stream().map(axis::position))
        .containsExactly("0", "2k", "4k", "6k", "8k", "10k", "12k", "14k", "16k");
    assertThat(Axis.ofPositions(600).position(128)).isEqualTo("128");
  }
}
