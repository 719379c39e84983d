package dev.farspan.evaluation.perplexity;

/// A 95 % confidence interval.
///
/// @param low its lower end
/// @param high its upper end
public record Interval(double low, double high) {
  /// Returns the interval of the exponential.
  ///
  /// @return both ends in the exponential
  public Interval exp() {
    return new Interval(Math.exp(low), Math.exp(high));
  }
}
