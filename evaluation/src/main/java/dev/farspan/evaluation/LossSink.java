package dev.farspan.evaluation;

import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.decode.LogitsSink;
import java.util.ArrayList;
import java.util.List;

/// Adds up the loss of a text while it is fed; no logits are kept.
///
/// The loss at position p is the negative log likelihood, in nats, of token p+1 given the tokens up
/// to p: `ln(sum(exp(logits))) - logits[token]`. A text of T tokens has T-1 of them.
public final class LossSink implements LogitsSink {
  private final int[] tokens;
  private final int vocab;
  private final Kernels kernels;
  private final List<Bands.Range> ranges;
  private final double[] sums;
  private double total;
  private int next;
  private int band;

  /// Makes a sink for one pass over a text.
  ///
  /// @param tokens the text
  /// @param bands where it is cut
  /// @param vocab logits of one position
  /// @param kernels what the normaliser is computed with
  /// @throws IllegalArgumentException if the text has no token to predict or one that is not in the
  ///   vocabulary
  public LossSink(int[] tokens, Bands bands, int vocab, Kernels kernels) {
    if (tokens.length < 2) {
      throw new IllegalArgumentException(
          "a text of " + tokens.length + " tokens has none to predict; at least 2 are needed");
    }
    for (int token : tokens) {
      if (token < 0 || token >= vocab) {
        throw new IllegalArgumentException(
            "token id " + token + " is not in the vocabulary of " + vocab);
      }
    }
    this.tokens = tokens.clone();
    this.vocab = vocab;
    this.kernels = kernels;
    this.ranges = bands.ranges(tokens.length);
    this.sums = new double[ranges.size()];
  }

  @Override
  public boolean wants(int position) {
    return position < tokens.length - 1;
  }

  @Override
  public void accept(int position, float[] logits, int at) {
    if (position != next || !wants(position)) {
      throw new IllegalStateException(
          "logits of position " + position + " came where those of " + next + " were due");
    }
    double loss = kernels.logSumExp(logits, at, vocab) - logits[at + tokens[position + 1]];
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException("the loss at position " + position + " is " + loss);
    }
    total += loss;
    while (band < ranges.size() && position >= ranges.get(band).to()) {
      band++;
    }
    if (band < ranges.size()) {
      sums[band] += loss;
    }
    next++;
  }

  /// Returns what was measured.
  ///
  /// @param method the method it was measured under
  /// @return the loss of every band and of the whole text
  /// @throws IllegalStateException if the text has not been fed to its end
  public LossCurve curve(String method) {
    if (wants(next)) {
      throw new IllegalStateException(
          "only " + next + " of " + (tokens.length - 1) + " predictions have been measured");
    }
    List<LossCurve.Band> measured = new ArrayList<>();
    for (int b = 0; b < sums.length; b++) {
      Bands.Range range = ranges.get(b);
      int count = Math.min(range.to(), tokens.length - 1) - range.from();
      measured.add(new LossCurve.Band(range.from(), range.to(), sums[b] / count, count));
    }
    return new LossCurve(method, total / (tokens.length - 1), measured);
  }
}
