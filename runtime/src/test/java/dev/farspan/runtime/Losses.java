package dev.farspan.runtime;

import dev.farspan.runtime.decode.LogitsSink;

/// Mean negative log likelihood of the tokens that follow positions `from ..`, in double precision.
final class Losses implements LogitsSink {
  private final int[] ids;
  private final int from;
  private final int vocab;
  private double sum;
  private int count;

  Losses(int[] ids, int from, int vocab) {
    this.ids = ids;
    this.from = from;
    this.vocab = vocab;
  }

  @Override
  public boolean wants(int position) {
    return position >= from && position + 1 < ids.length;
  }

  @Override
  public void accept(int position, float[] logits, int at) {
    double max = Double.NEGATIVE_INFINITY;
    for (int v = at; v < at + vocab; v++) {
      max = Math.max(max, logits[v]);
    }
    double total = 0;
    for (int v = at; v < at + vocab; v++) {
      total += Math.exp(logits[v] - max);
    }
    sum += max + Math.log(total) - logits[at + ids[position + 1]];
    count++;
  }

  double mean() {
    return sum / count;
  }
}
