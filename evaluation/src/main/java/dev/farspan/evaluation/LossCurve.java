package dev.farspan.evaluation;

import java.util.List;

/// The loss of one method along a text.
///
/// @param method the method's specification
/// @param mean mean loss in nats over all predicted tokens, whatever the bands
/// @param bands the loss in each band, ascending
public record LossCurve(String method, double mean, List<Band> bands) {
  /// Copies the list.
  public LossCurve {
    bands = List.copyOf(bands);
  }

  /// The loss over a range of positions.
  ///
  /// @param from first position
  /// @param to one past the last
  /// @param loss mean negative log likelihood in nats of predicting token p+1 from position p, for
  ///   p in `[from, to)`
  /// @param tokens how many predictions that is: one fewer than positions where the text ends
  public record Band(int from, int to, double loss, int tokens) {}
}
