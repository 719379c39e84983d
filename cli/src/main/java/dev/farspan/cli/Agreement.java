package dev.farspan.cli;

import dev.farspan.tensor.Tensor;

/// How far computed logits are from expected ones.
final class Agreement {
  private final Tensor expected;
  private final float[] row;
  private int positions;
  private int sameArgmax;
  private int worstPosition;
  private double largest;
  private double sum;

  /// Compares with a tensor of shape [positions, vocabulary].
  Agreement(Tensor expected) {
    this.expected = expected;
    this.row = new float[Math.toIntExact(expected.cols())];
  }

  void add(int position, float[] logits, int from) {
    expected.copyRow(position, row, 0);
    int best = 0;
    int expectedBest = 0;
    for (int v = 0; v < row.length; v++) {
      double difference = Math.abs((double) logits[from + v] - row[v]);
      sum += difference;
      // NaN, which compares with nothing, counts as the largest of all, and stays.
      if (!(difference <= largest) && !Double.isNaN(largest)) {
        largest = difference;
        worstPosition = position;
      }
      best = logits[from + v] > logits[from + best] ? v : best;
      expectedBest = row[v] > row[expectedBest] ? v : expectedBest;
    }
    sameArgmax += best == expectedBest ? 1 : 0;
    positions++;
  }

  int positions() {
    return positions;
  }

  /// Positions whose likeliest token is the same.
  int sameArgmax() {
    return sameArgmax;
  }

  double largest() {
    return largest;
  }

  int worstPosition() {
    return worstPosition;
  }

  double mean() {
    return sum / ((double) positions * row.length);
  }
}
