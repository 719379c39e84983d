package dev.farspan.planner.time;

import java.util.List;

/// How long a model writes: a token takes `b + s V`, V the keys it sees in all layers. With full
/// attention V is `L t`, so this is linear in the depth t.
public final class DecodeTime {
  private final Work work;
  private final PrefillTime prefill;
  private final Fit fit;

  private DecodeTime(Work work, PrefillTime prefill, Fit fit) {
    this.work = work;
    this.prefill = prefill;
    this.fit = fit;
  }

  /// Fits the model to short runs.
  ///
  /// @param work what the runs did
  /// @param samples at least two runs of different lengths
  /// @return the fitted time
  /// @throws IllegalArgumentException if there are fewer lengths
  public static DecodeTime fit(Work work, List<Sample> samples) {
    PrefillTime.requireTwo(samples);
    return new DecodeTime(
        work,
        PrefillTime.fit(work, samples),
        Fit.of(
            samples.stream()
                .map(
                    s ->
                        new Fit.Point(
                            1, work.pairs(s.tokens(), s.tokens() + 1), s.writtenSeconds()))
                .toList()));
  }

  /// Returns how long tokens take one by one.
  ///
  /// @param from position of the first
  /// @param to one past the last
  /// @return seconds
  public double seconds(int from, int to) {
    int size = work.recomputed();
    if (size > 0 && to > size) {
      double pass = prefill.seconds(size);
      int fresh = Math.max(from, size);
      return (fresh > from ? seconds(from, fresh) : 0) + (to - fresh) * pass;
    }
    return fit.seconds(to - from, work.pairs(from, to));
  }

  /// Returns the seconds of one token apart from the cache.
  ///
  /// @return b
  public double perToken() {
    return fit.a();
  }

  /// Returns the seconds of one key in one layer.
  ///
  /// @return s
  public double perKey() {
    return fit.c();
  }
}
