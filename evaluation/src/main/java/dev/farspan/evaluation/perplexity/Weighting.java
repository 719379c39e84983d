package dev.farspan.evaluation.perplexity;

/// How losses become one mean.
public enum Weighting {
  /// Every predicted token counts the same: `exp(sum of losses / tokens)`.
  TOKENS,
  /// Every window's mean counts the same, however many tokens it predicts: `exp(mean of means)`, as
  /// `eval/perplexity.py` of github.com/jquesnelle/yarn does.
  WINDOWS;

  /// Returns what a block adds to the sum.
  double sum(PassLoss.Block block) {
    return this == TOKENS ? block.nats() : block.nats() / block.count();
  }

  /// Returns what a block adds to the weight.
  double weight(PassLoss.Block block) {
    return this == TOKENS ? block.count() : 1;
  }
}
