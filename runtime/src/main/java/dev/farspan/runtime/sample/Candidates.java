package dev.farspan.runtime.sample;

import java.util.Arrays;

/// The tokens still in the draw, by ascending id, with their weights: probabilities up to a common
/// factor, 1 for the likeliest.
///
/// No filter sorts the vocabulary. Top-k keeps a pool of 2k values; top-p adds up the weights by
/// binary exponent and sorts the one bucket in which the nucleus ends.
final class Candidates {
  /// `-Math.getExponent` of a weight from 1 down to 0.
  private static final int BUCKETS = 1 - (Double.MIN_EXPONENT - 1);

  private int count;
  private int[] ids = {};
  private float[] logits = {};
  private double[] weights = {};
  private float[] pool = {};
  private long[] keys = {};
  private final double[] mass = new double[BUCKETS];

  /// Starts a draw with the tokens at least as likely as the k-th; with all if `k` is 0.
  void take(float[] x, int at, int vocab, int k) {
    if (ids.length < vocab) {
      ids = new int[vocab];
      logits = new float[vocab];
      weights = new double[vocab];
    }
    float least = k == 0 || k >= vocab ? Float.NEGATIVE_INFINITY : kth(x, at, vocab, k);
    count = 0;
    for (int id = 0; id < vocab; id++) {
      if (x[at + id] >= least) {
        ids[count] = id;
        logits[count] = x[at + id] + 0f; // -0 becomes 0: they are equal
        count++;
      }
    }
  }

  /// Returns the k-th largest value.
  private float kth(float[] x, int at, int vocab, int k) {
    if (pool.length < 2 * k) {
      pool = new float[2 * k];
    }
    int filled = 0;
    float least = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + vocab; i++) {
      if (x[i] > least) {
        pool[filled++] = x[i];
        if (filled == 2 * k) {
          Arrays.sort(pool, 0, filled);
          System.arraycopy(pool, k, pool, 0, k);
          filled = k;
          least = pool[0];
        }
      }
    }
    if (filled < k) { // the others are all negative infinity
      return Float.NEGATIVE_INFINITY;
    }
    Arrays.sort(pool, 0, filled);
    return pool[filled - k];
  }

  /// Sets the weights to `exp((logit - max) / temperature)`.
  void weigh(float max, double temperature) {
    for (int c = 0; c < count; c++) {
      weights[c] = Math.exp(((double) logits[c] - max) / temperature);
    }
  }

  /// Keeps a token while those before it, likeliest first and then by id, have together less than
  /// the share `p` of the weight.
  void keepNucleus(double p) {
    Arrays.fill(mass, 0);
    double total = 0;
    for (int c = 0; c < count; c++) {
      mass[bucket(weights[c])] += weights[c];
      total += weights[c];
    }
    double above = 0;
    int last = 0;
    while (last < BUCKETS - 1 && above + mass[last] < p * total) {
      above += mass[last++];
    }
    long lastKey = lastKept(last, p * total - above);
    int kept = 0;
    for (int c = 0; c < count; c++) {
      int bucket = bucket(weights[c]);
      if (bucket < last || (bucket == last && key(c) <= lastKey)) {
        move(c, kept++);
      }
    }
    count = kept;
  }

  private static int bucket(double weight) {
    return -Math.getExponent(weight);
  }

  /// Returns the key of the bucket's last token that belongs to a nucleus which takes the weight
  /// `wanted` from it.
  private long lastKept(int bucket, double wanted) {
    if (keys.length < count) {
      keys = new long[ids.length];
    }
    int members = 0;
    for (int c = 0; c < count; c++) {
      if (bucket(weights[c]) == bucket) {
        keys[members++] = key(c);
      }
    }
    Arrays.sort(keys, 0, members);
    double sum = 0;
    long last = Long.MIN_VALUE;
    for (int m = 0; m < members && sum < wanted; m++) {
      last = keys[m];
      sum += weights[(int) last];
    }
    return last;
  }

  /// A number that is smaller for a larger logit, and for an earlier candidate among equal ones.
  private long key(int candidate) {
    int bits = Float.floatToIntBits(logits[candidate]);
    int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE); // orders negative floats too
    return ((long) ~ascending << 32) | candidate;
  }

  /// Keeps the tokens whose weight is at least `share`.
  void keepAtLeast(double share) {
    int kept = 0;
    for (int c = 0; c < count; c++) {
      if (weights[c] >= share) {
        move(c, kept++);
      }
    }
    count = kept;
  }

  private void move(int from, int to) {
    ids[to] = ids[from];
    weights[to] = weights[from];
  }

  /// Returns the id at the share `u` of the weight, 0 to below 1.
  int pick(double u) {
    double total = 0;
    for (int c = 0; c < count; c++) {
      total += weights[c];
    }
    double wanted = u * total;
    double sum = 0;
    int last = 0;
    for (int c = 0; c < count; c++) {
      if (weights[c] > 0) {
        sum += weights[c];
        last = c;
        if (sum > wanted) {
          break;
        }
      }
    }
    return ids[last]; // the last one that can be drawn, should rounding leave the sum short
  }
}
