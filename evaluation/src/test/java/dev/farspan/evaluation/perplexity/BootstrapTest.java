package dev.farspan.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static List<Bootstrap.Unit> normal(long seed, int count, double mean) {
    Random random = new Random(seed);
    List<Bootstrap.Unit> units = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      units.add(new Bootstrap.Unit(10 * (mean + random.nextGaussian()), 10));
    }
    return units;
  }

  @Test
  void theIntervalIsThatOfTheNormalDistributionWhereUnitsAreNormal() {
    Interval interval = Bootstrap.ofMean(normal(1, 400, 3));
    // 1.96 / sqrt(400) to each side; the spread of 400 draws and of 2000 samples is below a tenth
    assertThat((interval.high() - interval.low()) / 2).isCloseTo(0.098, within(0.015));
  }

  @Test
  void nineteenOfTwentyIntervalsHoldTheTrueMean() {
    int held = 0;
    for (int seed = 0; seed < 200; seed++) {
      Interval interval = Bootstrap.ofMean(normal(seed, 30, 3));
      held += interval.low() <= 3 && 3 <= interval.high() ? 1 : 0;
    }
    // 190 expected, standard deviation 3; percentile intervals of 30 units are a little short
    assertThat(held).isBetween(178, 198);
  }

  @Test
  void pairedUnitsShowASmallDifferenceThatTheirOwnSpreadHides() {
    List<Bootstrap.Unit> a = normal(7, 50, 3);
    List<Bootstrap.Unit> b =
        a.stream().map(u -> new Bootstrap.Unit(u.sum() - 0.1, u.weight())).toList();
    Interval gap = Bootstrap.ofDifference(a, b);
    assertThat(gap.low()).isCloseTo(0.01, within(1e-9));
    assertThat(gap.high()).isCloseTo(0.01, within(1e-9));
  }

  @Test
  void theSameLossesGiveTheSameInterval() {
    assertThat(Bootstrap.ofMean(normal(1, 20, 3))).isEqualTo(Bootstrap.ofMean(normal(1, 20, 3)));
  }

  @Test
  void fewerThanFourUnitsTellNothing() {
    Interval three = Bootstrap.ofDifference(normal(1, 3, 9), normal(2, 3, 3));
    assertThat(three).isEqualTo(Interval.UNKNOWN);
    assertThat(three.isPositive()).isFalse();
    assertThat(three.text(String::valueOf, " - ")).isEqualTo("-");
    assertThat(Bootstrap.ofDifference(normal(1, 4, 9), normal(2, 4, 3)).isPositive()).isTrue();
  }
}
