package dev.farspan.evaluation.perplexity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Confidence intervals by resampling: Efron, "Bootstrap Methods: Another Look at the Jackknife",
/// Annals of Statistics 7(1), 1979; the interval is the percentile one of Efron and Tibshirani, "An
/// Introduction to the Bootstrap", 1993, chapter 13.
///
/// Texts that stand together are alike, so units are drawn whole: documents where there are
/// several, else blocks of one text. The generator's seed is fixed: the same losses give the same
/// interval.
final class Bootstrap {
  /// Enough for a 95 % percentile interval (Efron and Tibshirani, section 14.2).
  static final int SAMPLES = 2000;

  /// With `n` units the smallest is drawn every time with a chance of `n^-n`. For three that is 3.7
  /// %, more than a tail has: the interval would be that of the units and no wider, and with one
  /// unit a point. For four it is 0.4 %.
  static final int LEAST_UNITS = 4;

  private static final long SEED = 42;
  private static final double TAIL = 0.025;

  private Bootstrap() {}

  /// What a unit adds to the sum of losses and to its weight.
  record Unit(double sum, double weight) {
    Unit plus(Unit other) {
      return new Unit(sum + other.sum, weight + other.weight);
    }
  }

  static double mean(List<Unit> units) {
    Unit all = units.stream().reduce(new Unit(0, 0), Unit::plus);
    return all.sum() / all.weight();
  }

  /// The 95 % interval of the weighted mean; unknown where there are fewer than [#LEAST_UNITS].
  static Interval ofMean(List<Unit> units) {
    return interval(List.of(units), means -> means[0]);
  }

  /// The 95 % interval of the mean of one method less that of another over the same units; unknown
  /// where there are fewer than [#LEAST_UNITS].
  static Interval ofDifference(List<Unit> a, List<Unit> b) {
    if (a.size() != b.size()) {
      throw new IllegalArgumentException(
          "%d units cannot be paired with %d".formatted(a.size(), b.size()));
    }
    return interval(List.of(a, b), means -> means[0] - means[1]);
  }

  private interface Statistic {
    double of(double[] means);
  }

  /// Every sample draws the same units of all lists.
  private static Interval interval(List<List<Unit>> lists, Statistic statistic) {
    int units = lists.getFirst().size();
    if (units < LEAST_UNITS) {
      return Interval.UNKNOWN;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] values = new double[SAMPLES];
    for (int s = 0; s < SAMPLES; s++) {
      int[] drawn = random.ints(units, 0, units).toArray();
      List<Double> means = new ArrayList<>();
      for (List<Unit> list : lists) {
        means.add(mean(Arrays.stream(drawn).mapToObj(list::get).toList()));
      }
      values[s] = statistic.of(means.stream().mapToDouble(m -> m).toArray());
    }
    Arrays.sort(values);
    int tail = (int) Math.floor(TAIL * SAMPLES);
    return new Interval(values[tail], values[SAMPLES - 1 - tail]);
  }
}
