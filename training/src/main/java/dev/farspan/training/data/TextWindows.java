package dev.farspan.training.data;

import java.util.random.RandomGenerator;

/// Windows of a text, each starting at any token.
///
/// @param corpus the text
public record TextWindows(Corpus corpus) implements ExampleSource {
  @Override
  public Example draw(RandomGenerator random, int length) {
    if (corpus.size() <= length) {
      throw new IllegalArgumentException(
          "the text has %d tokens, too few for examples of %d; add text or train at a shorter length"
              .formatted(corpus.size(), length + 1));
    }
    return Example.plain(corpus.window(random.nextInt(corpus.size() - length), length + 1));
  }
}
