package dev.farspan.planner.time;

import java.util.List;

/// How long a model reads: `t(T) = a T + c P(T)`, P the pairs of a query and a key it sees. With
/// full attention P is `L T^2 / 2`, so this is `a T + c' T^2`; under a window P grows as T does
/// once the window is full.
public final class PrefillTime {
  private final Work work;
  private final Fit fit;

  private PrefillTime(Work work, Fit fit) {
    this.work = work;
    this.fit = fit;
  }

  /// Fits the model to short runs.
  ///
  /// @param work what the runs did
  /// @param samples at least two runs of different lengths
  /// @return the fitted time
  /// @throws IllegalArgumentException if there are fewer lengths
  public static PrefillTime fit(Work work, List<Sample> samples) {
    requireTwo(samples);
    return new PrefillTime(
        work,
        Fit.of(
            samples.stream()
                .map(s -> new Fit.Point(s.tokens(), work.pairs(0, s.tokens()), s.readSeconds()))
                .toList()));
  }

  static void requireTwo(List<Sample> samples) {
    if (samples.stream().map(Sample::tokens).distinct().count() < 2) {
      throw new IllegalArgumentException("a calibration needs runs of at least two lengths");
    }
  }

  /// Returns how long a prompt takes to read.
  ///
  /// @param tokens tokens of the prompt
  /// @return seconds
  public double seconds(int tokens) {
    int size = work.recomputed();
    if (size == 0 || tokens <= size) {
      return fit.seconds(tokens, work.pairs(0, tokens));
    }
    // The window is read once as it fills, and once more for the last token's logits.
    return 2 * fit.seconds(size, work.pairs(0, size));
  }

  /// Returns the seconds of one token apart from attention.
  ///
  /// @return a
  public double perToken() {
    return fit.a();
  }

  /// Returns the seconds of one pair of a query and a key in one layer.
  ///
  /// @return c
  public double perPair() {
    return fit.c();
  }
}
