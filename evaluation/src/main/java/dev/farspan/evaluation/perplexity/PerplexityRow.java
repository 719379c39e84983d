package dev.farspan.evaluation.perplexity;

import java.util.List;

/// The perplexity of one method at one length.
///
/// @param method the method's specification
/// @param length tokens of a window
/// @param tokens predictions that count
/// @param loss their mean negative log likelihood in nats
/// @param interval the loss's 95 % confidence interval
/// @param units what was resampled for it: how many documents or blocks
/// @param bands the loss by how many tokens stand before the predicted one
/// @param cost what it took
public record PerplexityRow(
    String method,
    int length,
    long tokens,
    double loss,
    Interval interval,
    Units units,
    List<Band> bands,
    Cost cost) {
  /// Copies the list.
  public PerplexityRow {
    bands = List.copyOf(bands);
  }

  /// Returns the perplexity.
  ///
  /// @return `exp(loss)`
  public double perplexity() {
    return Math.exp(loss);
  }

  /// What was resampled.
  ///
  /// @param count how many
  /// @param documents whether they are documents; else blocks of predictions that stand together
  public record Units(int count, boolean documents) {
    @Override
    public String toString() {
      return count + (documents ? " documents" : " blocks");
    }
  }

  /// The loss in a range of contexts.
  ///
  /// @param from least number of tokens before the predicted one
  /// @param to one past the largest
  /// @param loss mean loss in nats, weighted by tokens
  /// @param tokens how many predictions
  public record Band(int from, int to, double loss, long tokens) {}

  /// What it took.
  ///
  /// @param tokens tokens that were read
  /// @param seconds how long
  /// @param cacheBytes memory of the KV cache of one window
  public record Cost(long tokens, double seconds, long cacheBytes) {
    /// Returns how fast the model read.
    ///
    /// @return tokens a second
    public double rate() {
      return tokens / Math.max(seconds, 1e-9);
    }
  }
}
