package dev.farspan.training.run;

import java.util.List;

/// What a run does, step by step.
///
/// @param steps how many
/// @param curriculum lengths and batches, the last until the end
/// @param optimisation how parameters follow their gradients
/// @param positions which positions the tokens of an example stand at
/// @param reading whether examples are read whole or in segments, whose positions are their own
/// @param checkpointEvery steps from one checkpoint to the next
/// @param seed what chance follows from
public record TrainingPlan(
    int steps,
    List<Stage> curriculum,
    Optimisation optimisation,
    Positions positions,
    Reading reading,
    int checkpointEvery,
    long seed) {
  /// Copies the list and checks the values.
  ///
  /// @throws IllegalArgumentException if a count is not positive, or the curriculum does not rise
  ///   to 1
  public TrainingPlan {
    curriculum = List.copyOf(curriculum);
    if (steps < 1 || checkpointEvery < 1) {
      throw new IllegalArgumentException(
          "a run has at least one step, and at least one between checkpoints, got steps=%d and %d"
              .formatted(steps, checkpointEvery));
    }
    double before = 0;
    for (Stage stage : curriculum) {
      if (stage.until() <= before) {
        throw new IllegalArgumentException("the stages of a curriculum must rise: " + curriculum);
      }
      before = stage.until();
    }
    if (before != 1) {
      throw new IllegalArgumentException("the last stage of a curriculum must end at 1");
    }
  }

  /// Returns the stage of a step.
  ///
  /// @param step zero-based step
  /// @return lengths and batch
  public Stage stage(int step) {
    double done = (double) step / steps;
    return curriculum.stream()
        .filter(stage -> done < stage.until())
        .findFirst()
        .orElseGet(curriculum::getLast);
  }

  /// Returns how many predictions all steps from one on make.
  ///
  /// @param from zero-based first step
  /// @return tokens
  public long tokens(int from) {
    long tokens = 0;
    for (int step = from; step < steps; step++) {
      Stage stage = stage(step);
      tokens += (long) stage.length() * stage.batch();
    }
    return tokens;
  }
}
