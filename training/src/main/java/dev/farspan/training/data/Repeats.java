package dev.farspan.training.data;

import java.util.random.RandomGenerator;

/// A short sequence repeated to the end: what follows can be known only by looking back one period
/// and copying.
///
/// Nine in ten are random tokens, so that only copying helps; the rest is text.
///
/// @param corpus text for the rest
/// @param vocabSize tokens to choose from; the first, which ends a text, is left out
public record Repeats(Corpus corpus, int vocabSize) implements ExampleSource {
  private static final double RANDOM_SHARE = 0.9;
  private static final int SHORTEST = 4;

  @Override
  public Example draw(RandomGenerator random, int length) {
    int period = random.nextInt(SHORTEST, Math.max(SHORTEST + 2, (length + 1) / 3));
    int[] unit =
        random.nextDouble() < RANDOM_SHARE
            ? random.ints(period, 1, vocabSize).toArray()
            : corpus.window(random.nextInt(corpus.size() - period), period);
    int[] ids = new int[length + 1];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = unit[i % period];
    }
    return Example.plain(ids);
  }
}
