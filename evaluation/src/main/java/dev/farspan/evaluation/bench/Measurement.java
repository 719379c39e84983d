package dev.farspan.evaluation.bench;

import java.util.List;
import java.util.OptionalDouble;

/// How fast one test ran.
///
/// @param test what was timed
/// @param method the context method in force
/// @param rates tokens a second of each run
/// @param fraction share of the machine's limit that was reached: of its arithmetic by a prefill,
///   of its memory by decode
public record Measurement(
    BenchTest test, String method, List<Double> rates, OptionalDouble fraction) {
  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if there was no run
  public Measurement {
    rates = List.copyOf(rates);
    if (rates.isEmpty()) {
      throw new IllegalArgumentException(test.name() + " has not been run");
    }
  }

  /// Returns the mean of the runs.
  ///
  /// @return tokens a second
  public double mean() {
    return rates.stream().mapToDouble(Double::doubleValue).sum() / rates.size();
  }

  /// Returns the sample standard deviation of the runs (divided by `n - 1`, as `llama-bench` does).
  ///
  /// @return tokens a second; 0 of a single run
  public double deviation() {
    double mean = mean();
    double squares = rates.stream().mapToDouble(r -> (r - mean) * (r - mean)).sum();
    return rates.size() < 2 ? 0 : Math.sqrt(squares / (rates.size() - 1));
  }
}
