package dev.farspan.evaluation;

import java.time.Duration;

/// Hears how a comparison goes on.
public interface ComparisonListener {
  /// Hears nothing.
  ComparisonListener NONE =
      new ComparisonListener() {
        @Override
        public void onProgress(Progress progress) {}

        @Override
        public void onCurve(int index, LossCurve curve, boolean stored) {}
      };

  /// Called after each block of a pass.
  ///
  /// @param progress how far it is
  void onProgress(Progress progress);

  /// Called when a method's curve is known.
  ///
  /// @param index which method, from 0
  /// @param curve its loss
  /// @param stored whether an earlier run measured it
  void onCurve(int index, LossCurve curve, boolean stored);

  /// How far a comparison is.
  ///
  /// @param index which method is measured, from 0
  /// @param method its specification
  /// @param position tokens of the text it has read
  /// @param tokens tokens of the text
  /// @param rate tokens a second, over the last block
  /// @param methodLeft predicted time to the end of this method's pass
  /// @param left predicted time to the end of the comparison, taking a method not yet run to need
  ///   as long as those that have been
  record Progress(
      int index,
      String method,
      int position,
      int tokens,
      double rate,
      Duration methodLeft,
      Duration left) {}
}
