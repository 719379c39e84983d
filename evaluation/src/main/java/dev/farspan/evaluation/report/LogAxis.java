package dev.farspan.evaluation.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// A logarithmic scale whose ticks are 1, 2 and 5 times powers of ten, or powers of ten alone where
/// those would be too many.
///
/// @param ticks at least two, ascending
record LogAxis(List<Double> ticks) implements ValueAxis {
  private static final int MOST_TICKS = 9;

  LogAxis {
    ticks = List.copyOf(ticks);
  }

  /// Returns the shortest axis that holds two values.
  ///
  /// @throws IllegalArgumentException if a value has no logarithm
  static LogAxis of(double least, double most) {
    if (!(least > 0 && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          "a logarithmic axis holds positive numbers, not %s to %s".formatted(least, most));
    }
    List<Double> fine = ticks(least, most, 1, 2, 5);
    return new LogAxis(fine.size() <= MOST_TICKS ? fine : ticks(least, most, 1));
  }

  private static List<Double> ticks(double least, double most, int... steps) {
    List<Double> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(least)) - 1; ; power++) {
      for (int step : steps) {
        double tick = BigDecimal.valueOf(step).scaleByPowerOfTen(power).doubleValue();
        if (tick <= least) {
          ticks.clear(); // only the last of those below is an end
        }
        ticks.add(tick);
        if (tick >= most && ticks.size() > 1) {
          return ticks;
        }
      }
    }
  }

  @Override
  public double at(double value, double start, double end) {
    double from = Math.log(ticks.getFirst());
    return start + (Math.log(value) - from) / (Math.log(ticks.getLast()) - from) * (end - start);
  }

  @Override
  public String text(double tick) {
    return BigDecimal.valueOf(tick).stripTrailingZeros().toPlainString();
  }
}
