package dev.farspan.evaluation.perplexity;

/// A part of a document that is read in one session, and the tokens in it whose prediction counts.
///
/// Tokens are counted from the start of the document. The prediction of token t is made from the
/// tokens `[from, t)`, so that it has a context of `t - from` tokens.
///
/// @param document which document, from 0
/// @param from first token that is read
/// @param to one past the last token whose prediction counts
/// @param firstTarget first token whose prediction counts
public record Pass(int document, int from, int to, int firstTarget) {
  /// Checks the range.
  public Pass {
    if (firstTarget <= from || to <= firstTarget) {
      throw new IllegalArgumentException(
          "a pass over [%d, %d) predicts nothing from token %d on"
              .formatted(from, to, firstTarget));
    }
  }

  /// Returns how many tokens are read, the last target included.
  ///
  /// @return the count
  public int tokens() {
    return to - from;
  }
}
