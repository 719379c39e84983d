package dev.farspan.evaluation.report;

import java.util.List;

/// A scale of values with round ticks.
sealed interface ValueAxis permits Axis, LogAxis {
  /// The values that have a line and a number, ascending; the first and the last are the ends.
  List<Double> ticks();

  /// The place of a value on a line of pixels.
  double at(double value, double start, double end);

  /// How a tick is written.
  String text(double tick);
}
