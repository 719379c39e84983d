package dev.farspan.cli;

import dev.farspan.evaluation.task.run.ExamCell;
import java.util.List;

/// What one method came to, or one model as it is.
///
/// @param name the method's specification, or the model's name
/// @param losses mean loss in nats of the tokens up to each length, beyond the length before, all
///   read in texts of the longest
/// @param found passkeys found at each length, in percent
/// @param cells the passkeys one by one
/// @param seconds what measuring took
record DemoLine(
    String name, List<Double> losses, List<Double> found, List<ExamCell> cells, double seconds) {
  /// Copies the lists.
  DemoLine {
    losses = List.copyOf(losses);
    found = List.copyOf(found);
    cells = List.copyOf(cells);
  }

  /// Passkeys found beyond the trained length, in percent, every length counting the same.
  double beyond() {
    return found.stream().skip(1).mapToDouble(percent -> percent).average().orElse(0);
  }

  /// The loss farthest out.
  double last() {
    return losses.getLast();
  }
}
