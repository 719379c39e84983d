package dev.farspan.evaluation.perplexity;

import java.util.List;

/// A 95 % confidence interval.
///
/// @param low its lower end
/// @param high its upper end
public record Interval(double low, double high) {
  /// Returns the interval of the difference of two means over the same things, drawn together by
  /// bootstrap.
  ///
  /// @param minuend a value for each thing
  /// @param subtrahend another value for each, in the same order
  /// @return the interval of `mean(minuend) - mean(subtrahend)`
  /// @throws IllegalArgumentException if there are none, or not as many
  public static Interval ofDifference(List<Double> minuend, List<Double> subtrahend) {
    return Bootstrap.ofDifference(units(minuend), units(subtrahend));
  }

  private static List<Bootstrap.Unit> units(List<Double> values) {
    return values.stream().map(value -> new Bootstrap.Unit(value, 1)).toList();
  }

  /// Returns the interval of the exponential.
  ///
  /// @return both ends in the exponential
  public Interval exp() {
    return new Interval(Math.exp(low), Math.exp(high));
  }
}
