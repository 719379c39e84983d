package dev.farspan.evaluation.perplexity;

import dev.farspan.evaluation.perplexity.CacheQuality.Distributions;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.ArrayList;
import java.util.List;

/// Compares the distributions of one session with the exact ones.
final class Divergence implements LogitsSink {
  private static final int BLOCK = 64;

  private final int[] tokens;
  private final Distributions exact;
  private final List<Bootstrap.Unit> divergences = new ArrayList<>();
  private final List<Bootstrap.Unit> differences = new ArrayList<>();
  private double loss;
  private double largest;
  private int same;
  private int count;
  private Bootstrap.Unit divergence = new Bootstrap.Unit(0, 0);
  private Bootstrap.Unit difference = new Bootstrap.Unit(0, 0);

  Divergence(int[] tokens, Distributions exact) {
    this.tokens = tokens.clone();
    this.exact = exact;
  }

  @Override
  public boolean wants(int position) {
    return true;
  }

  @Override
  public void accept(int position, float[] row, int at) {
    int vocab = exact.vocab();
    double normaliser = CacheQuality.EXACT.logSumExp(row, at, vocab);
    double nats = normaliser - row[at + tokens[position + 1]];
    double kl = exact.divergence(position, row, at, normaliser);
    loss += nats;
    largest = Math.max(largest, kl);
    same += Distributions.top(row, at, vocab) == exact.top(position) ? 1 : 0;
    divergence = divergence.plus(new Bootstrap.Unit(kl, 1));
    difference =
        difference.plus(new Bootstrap.Unit(nats - exact.loss(position, tokens[position + 1]), 1));
    count++;
    if (count % BLOCK == 0) {
      endBlock();
    }
  }

  private void endBlock() {
    if (divergence.weight() > 0) {
      divergences.add(divergence);
      differences.add(difference);
    }
    divergence = new Bootstrap.Unit(0, 0);
    difference = new Bootstrap.Unit(0, 0);
  }

  CacheQualityRow row(CacheType type, long cacheBytes) {
    endBlock();
    return new CacheQualityRow(
        type,
        loss / count,
        new Estimate(Bootstrap.mean(differences), Bootstrap.ofMean(differences)),
        new Estimate(Bootstrap.mean(divergences), Bootstrap.ofMean(divergences)),
        largest,
        (double) same / count,
        cacheBytes);
  }
}
