package dev.farspan.evaluation;

/// Predicts the end of one pass over a text: the time of a token is taken to be a line over its
/// position, as attention makes it, fitted by least squares to the blocks seen so far.
final class Pace {
  private final int tokens;
  private int position;
  private long nanos;
  private double rate;
  // Sums of the fit, weighted by tokens: of 1, x, x^2, y, xy; x is a position, y seconds a token.
  private double n;
  private double x;
  private double xx;
  private double y;
  private double xy;

  Pace(int tokens, long startNanos) {
    this.tokens = tokens;
    this.nanos = startNanos;
  }

  void reached(int newPosition, long now) {
    int count = newPosition - position;
    if (count <= 0) {
      return;
    }
    double seconds = (now - nanos) / 1e9;
    double middle = (position + newPosition) / 2.0;
    rate = count / Math.max(seconds, 1e-9);
    n += count;
    x += count * middle;
    xx += count * middle * middle;
    y += seconds;
    xy += seconds * middle;
    position = newPosition;
    nanos = now;
  }

  /// Tokens a second of the last block.
  double rate() {
    return rate;
  }

  /// Seconds from the position reached to the end of the text.
  double secondsLeft() {
    return secondsOf(position);
  }

  /// Seconds of a whole pass.
  double secondsOfAll() {
    return secondsOf(0);
  }

  /// The fitted line, added up over the positions from `from` to the end.
  private double secondsOf(int from) {
    if (n == 0) {
      return 0;
    }
    double spread = n * xx - x * x;
    // One block has no slope, and no method gets faster with length.
    double slope = spread > 0 ? Math.max(0, (n * xy - x * y) / spread) : 0;
    double start = (y - slope * x) / n;
    double area = (double) tokens * tokens - (double) from * from;
    return Math.max(0, start * (tokens - from) + slope * area / 2);
  }
}
