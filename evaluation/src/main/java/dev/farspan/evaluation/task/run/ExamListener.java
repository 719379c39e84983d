package dev.farspan.evaluation.task.run;

/// Told how a run goes on.
public interface ExamListener {
  /// Hears nothing.
  ExamListener NONE = new ExamListener() {};

  /// Called while a prompt is read.
  ///
  /// @param done tokens of all prompts that are done with
  /// @param total tokens of all prompts of the run
  default void onProgress(long done, long total) {}

  /// Called when a sample is finished and kept.
  ///
  /// @param cell what it gave
  /// @param stored whether an earlier run had measured it
  default void onCell(ExamCell cell, boolean stored) {}
}
