package dev.farspan.training.data;

import java.util.HashMap;
import java.util.Map;

/// A trigram model of tokens, the yardstick of a small neural one: three lengths of context mixed
/// by Witten and Bell's estimate (Chen and Goodman, "An empirical study of smoothing techniques for
/// language modeling", 1998, section 2.3).
///
/// `P(w | u v) = (n(u v w) + d(u v) P(w | v)) / (n(u v) + d(u v))`, where `n` counts and `d` counts
/// the different tokens that followed.
public final class Trigram {
  private final int vocab;
  private final Map<Long, Integer> counts = new HashMap<>();
  private final Map<Long, Integer> followers = new HashMap<>();
  private final Map<Long, Integer> contexts = new HashMap<>();

  /// Counts a text.
  ///
  /// @param text what to learn from
  /// @param vocab how many different tokens there can be
  public Trigram(Corpus text, int vocab) {
    this.vocab = vocab;
    int[] ids = text.window(0, text.size());
    for (int i = 0; i < ids.length; i++) {
      for (int order = 0; order <= Math.min(2, i); order++) {
        long context = key(ids, i - order, i);
        contexts.merge(context, 1, Integer::sum);
        if (counts.merge(key(ids, i - order, i + 1), 1, Integer::sum) == 1) {
          followers.merge(context, 1, Integer::sum);
        }
      }
    }
  }

  /// Returns the mean loss on a text.
  ///
  /// @param text another text
  /// @return nats per token, the first two left out
  public double loss(Corpus text) {
    int[] ids = text.window(0, text.size());
    double sum = 0;
    for (int i = 2; i < ids.length; i++) {
      sum -= Math.log(probability(ids[i - 2], ids[i - 1], ids[i]));
    }
    return sum / (ids.length - 2);
  }

  /// Returns the probability of a token after two others.
  ///
  /// @param before the token two before
  /// @param last the token just before
  /// @param next the token
  /// @return its probability
  public double probability(int before, int last, int next) {
    int[] ids = {before, last, next};
    double p = 1.0 / vocab;
    for (int order = 0; order <= 2; order++) {
      long context = key(ids, 2 - order, 2);
      int seen = contexts.getOrDefault(context, 0);
      int different = followers.getOrDefault(context, 0);
      if (seen > 0) {
        int count = counts.getOrDefault(key(ids, 2 - order, 3), 0);
        p = (count + different * p) / (seen + different);
      }
    }
    return p;
  }

  /// A number for the tokens `[from, to)`, of which there are at most three.
  private long key(int[] ids, int from, int to) {
    long key = (long) to - from;
    for (int i = from; i < to; i++) {
      key = key * vocab + ids[i];
    }
    return key;
  }
}
