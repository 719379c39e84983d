package dev.farspan.cli;

import dev.farspan.evaluation.bench.Calibration;
import dev.farspan.planner.time.DecodeTime;
import dev.farspan.planner.time.PrefillTime;
import dev.farspan.planner.time.Sample;
import dev.farspan.planner.time.Work;
import java.util.List;
import java.util.Optional;

/// Times predicted from short runs, and what a whole run took.
///
/// @param samples the short runs
/// @param prefill the time of reading
/// @param decode the time of writing
/// @param measured the whole run, if it was made
record PlanTimes(
    List<Sample> samples,
    PrefillTime prefill,
    DecodeTime decode,
    Optional<Calibration.Whole> measured) {
  /// Longest of the short runs; longer ones would hardly be short.
  private static final int LONGEST = 4096;

  private static final int SHORTEST = 128;

  PlanTimes {
    samples = List.copyOf(samples);
  }

  static PlanTimes of(Work work, List<Calibration.Run> runs, Optional<Calibration.Whole> measured) {
    List<Sample> samples =
        runs.stream()
            .map(run -> new Sample(run.tokens(), run.readSeconds(), run.writtenSeconds()))
            .toList();
    return new PlanTimes(
        samples, PrefillTime.fit(work, samples), DecodeTime.fit(work, samples), measured);
  }

  /// The lengths of three short runs for a long one: up to a half of it, where attention takes
  /// enough of the time to be told from noise.
  static List<Integer> lengths(int tokens) {
    int longest = Math.clamp(tokens / 2, SHORTEST, LONGEST);
    return List.of(longest / 4, longest / 2, longest);
  }
}
