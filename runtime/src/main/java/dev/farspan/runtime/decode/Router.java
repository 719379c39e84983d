package dev.farspan.runtime.decode;

import dev.farspan.context.model.FeedForward.Experts;

/// Turns the router's logits of one token into the weights of its experts.
final class Router {
  private Router() {}

  /// Replaces `experts` logits by weights, 0 for the experts that are not chosen.
  static void weigh(float[] logits, int at, Experts config) {
    int n = config.experts();
    boolean[] chosen = new boolean[n];
    for (int k = 0; k < config.expertsPerToken(); k++) {
      chosen[best(logits, at, chosen)] = true;
    }
    float max = Float.NEGATIVE_INFINITY;
    for (int e = 0; e < n; e++) {
      max = Math.max(max, logits[at + e]);
    }
    double sum = 0;
    double[] weights = new double[n];
    for (int e = 0; e < n; e++) {
      double weight = Math.exp(logits[at + e] - max);
      weights[e] = chosen[e] ? weight : 0;
      sum +=
          switch (config.routing()) {
            case NORMALISED -> weights[e];
            case SOFTMAX_OF_ALL -> weight;
          };
    }
    for (int e = 0; e < n; e++) {
      logits[at + e] = (float) (weights[e] / sum);
    }
  }

  private static int best(float[] logits, int at, boolean[] taken) {
    int best = -1;
    for (int e = 0; e < taken.length; e++) {
      if (!taken[e] && (best < 0 || logits[at + e] > logits[at + best])) {
        best = e;
      }
    }
    return best;
  }
}
