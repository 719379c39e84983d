package dev.farspan.evaluation.perplexity;

import java.util.List;
import java.util.function.DoubleFunction;

/// A 95 % confidence interval.
///
/// @param low its lower end; NaN if too little was measured to tell
/// @param high its upper end; NaN if too little was measured to tell
public record Interval(double low, double high) {
  /// What can be said where too little was measured: nothing.
  public static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

  /// Returns whether enough was measured to tell.
  ///
  /// @return whether both ends are numbers
  public boolean isKnown() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /// Returns whether all of it is above zero.
  ///
  /// @return whether a difference is sure; false where it is unknown
  public boolean isPositive() {
    return low > 0;
  }

  /// Returns both ends, as a reader wants them.
  ///
  /// @param format writes one end
  /// @param between what stands between them
  /// @return the ends; `-` where they are unknown
  public String text(DoubleFunction<String> format, String between) {
    return isKnown() ? format.apply(low) + between + format.apply(high) : "-";
  }

  /// Returns the interval of the difference of two means over the same things, drawn together by
  /// bootstrap.
  ///
  /// @param minuend a value for each thing
  /// @param subtrahend another value for each, in the same order
  /// @return the interval of `mean(minuend) - mean(subtrahend)`; unknown for fewer than four things
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
