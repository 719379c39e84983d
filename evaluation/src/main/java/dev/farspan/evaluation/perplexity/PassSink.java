package dev.farspan.evaluation.perplexity;

import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.decode.LogitsSink;
import java.util.ArrayList;
import java.util.List;

/// Adds up the loss of a pass: `ln(sum(exp(logits))) - logits[token]` in nats, where the logits are
/// those of the position before the token. Blocks end where the context of a token is a multiple of
/// their size.
final class PassSink implements LogitsSink {
  private final int[] window;
  private final int first;
  private final int blockSize;
  private final int vocab;
  private final Kernels kernels = Kernels.best();
  private final List<PassLoss.Block> blocks = new ArrayList<>();
  private int next;
  private int count;
  private double nats;

  /// `window`: the tokens read and, last, the last target; `first`: index in it of the first
  /// target.
  PassSink(int[] window, int first, int blockSize, int vocab) {
    this.window = window;
    this.first = first;
    this.blockSize = blockSize;
    this.vocab = vocab;
    this.next = first;
  }

  @Override
  public boolean wants(int position) {
    return position + 1 >= first && position + 1 < window.length;
  }

  @Override
  public void accept(int position, float[] logits, int at) {
    if (position + 1 != next) {
      throw new IllegalStateException(
          "logits of position " + position + " came where those of " + (next - 1) + " were due");
    }
    double loss = kernels.logSumExp(logits, at, vocab) - logits[at + window[next]];
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException("the loss at position " + position + " is " + loss);
    }
    nats += loss;
    count++;
    next++;
    if (next % blockSize == 0) {
      blocks.add(unfinished());
      count = 0;
      nats = 0;
    }
  }

  private PassLoss.Block unfinished() {
    return new PassLoss.Block(next - count, count, nats);
  }

  /// The blocks of a pass that ends before token `to` of the window, when so much has been fed.
  List<PassLoss.Block> blocks(int to) {
    if (next != to) {
      throw new IllegalStateException(
          "the next prediction is that of token %d, not %d".formatted(next, to));
    }
    List<PassLoss.Block> all = new ArrayList<>(blocks);
    if (count > 0) {
      all.add(unfinished());
    }
    return all;
  }
}
