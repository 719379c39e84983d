package dev.farspan.runtime.weights;

import java.util.List;

/// The matrices of a feed-forward block.
public sealed interface FeedForwardWeights {

  /// `down(act(gate(x)) * up(x))`.
  ///
  /// @param gate the gate projection (intermediate, hidden)
  /// @param up the up projection (intermediate, hidden)
  /// @param down the down projection (hidden, intermediate)
  record Gated(Linear gate, Linear up, Linear down) implements FeedForwardWeights {}

  /// `down(act(up(x)))`.
  ///
  /// @param up the up projection (intermediate, hidden)
  /// @param down the down projection (hidden, intermediate)
  record Plain(Linear up, Linear down) implements FeedForwardWeights {}

  /// A router and its experts.
  ///
  /// @param router logits of the experts (experts, hidden)
  /// @param experts one network each
  record Routed(Linear router, List<Gated> experts) implements FeedForwardWeights {
    /// Copies the list.
    public Routed {
      experts = List.copyOf(experts);
    }
  }
}
