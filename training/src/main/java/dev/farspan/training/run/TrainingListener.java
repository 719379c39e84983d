package dev.farspan.training.run;

/// Who is told how a run goes.
public interface TrainingListener {
  /// Hears nothing.
  TrainingListener NONE = new TrainingListener() {};

  /// Called after every step.
  ///
  /// @param step steps done
  /// @param loss of the step, nats per token as weighted
  /// @param tokens predictions the step made
  default void step(int step, double loss, long tokens) {}

  /// Called when a checkpoint is on disk.
  ///
  /// @param step steps it holds
  default void checkpoint(int step) {}
}
