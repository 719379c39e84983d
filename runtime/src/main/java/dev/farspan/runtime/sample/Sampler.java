package dev.farspan.runtime.sample;

import java.util.BitSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Chooses the next token of one sequence.
///
/// The tokens chosen are a function of the options and of the logits and histories seen so far: not
/// of the thread that asks. One random number is drawn for every token that is not greedy, and it
/// walks the kept tokens by id, so a filter that removes nothing changes nothing.
///
/// Not thread-safe: one sampler for each sequence.
public final class Sampler {
  // Named, so that a seed means the same tokens on every JDK.
  private static final String GENERATOR = "L64X128MixRandom";

  private final SamplingOptions options;
  private final RandomGenerator random;
  private final Candidates candidates = new Candidates();
  private float[] penalised = {};

  /// Makes a sampler.
  ///
  /// @param options how it chooses
  public Sampler(SamplingOptions options) {
    this.options = options;
    this.random = RandomGeneratorFactory.of(GENERATOR).create(options.seed());
  }

  /// Returns the next token.
  ///
  /// @param logits where the logits are; not changed. Negative infinity means never
  /// @param at index of the first
  /// @param vocab how many
  /// @param history ids that occurred in the sequence, prompt included; only read for the penalty
  /// @return a token id, 0 to `vocab - 1`; of equally likely ones greedy takes the first
  /// @throws IllegalArgumentException if a logit is NaN or positive infinity, if none is finite, or
  ///   if the history has an id outside the vocabulary
  public int next(float[] logits, int at, int vocab, BitSet history) {
    if (options.repetitionPenalty() != 1) {
      penalise(logits, at, vocab, history);
      return choose(penalised, 0, vocab);
    }
    return choose(logits, at, vocab);
  }

  private void penalise(float[] logits, int at, int vocab, BitSet history) {
    if (history.length() > vocab) {
      throw new IllegalArgumentException(
          "token id " + (history.length() - 1) + " is not in the vocabulary of " + vocab);
    }
    if (penalised.length < vocab) {
      penalised = new float[vocab];
    }
    System.arraycopy(logits, at, penalised, 0, vocab);
    float penalty = (float) options.repetitionPenalty();
    for (int id = history.nextSetBit(0); id >= 0; id = history.nextSetBit(id + 1)) {
      float x = penalised[id];
      penalised[id] = x < 0 ? x * penalty : x / penalty;
    }
  }

  private int choose(float[] logits, int at, int vocab) {
    int best = first(logits, at, vocab);
    if (options.greedy()) {
      return best;
    }
    candidates.take(logits, at, vocab, options.topK());
    candidates.weigh(logits[at + best], options.temperature());
    if (options.topP() < 1) {
      candidates.keepNucleus(options.topP());
    }
    candidates.keepAtLeast(options.minP());
    return candidates.pick(random.nextDouble());
  }

  /// Returns the id of the first largest logit, having looked at all of them.
  private static int first(float[] logits, int at, int vocab) {
    int best = 0;
    for (int id = 0; id < vocab; id++) {
      float x = logits[at + id];
      if (!(x < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("the logit of token " + id + " is " + x);
      }
      if (x > logits[at + best]) {
        best = id;
      }
    }
    if (vocab < 1 || logits[at + best] == Float.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException("none of " + vocab + " tokens has a finite logit");
    }
    return best;
  }
}
