package dev.farspan.training.data;

import java.util.random.RandomGenerator;

/// Something said in the middle of a text and asked for at its end.
record Recall(
    Sentences sentences, double depth, RandomGenerator random, int length, Weight weight) {

  /// The parts of such a task, as tokens.
  static final class Sentences {
    private final int[] fact;
    private final int[] question;
    private final int[] answer;

    Sentences(int[] fact, int[] question, int[] answer) {
      this.fact = fact;
      this.question = question;
      this.answer = answer;
    }

    private int size() {
      return fact.length + question.length + answer.length;
    }
  }

  /// How much a prediction counts.
  interface Weight {
    float of(boolean answer);
  }

  static Recall example(
      Sentences sentences, double depth, RandomGenerator random, int length, Weight weight) {
    return new Recall(sentences, depth, random, length, weight);
  }

  /// Returns the example: text, the fact at its depth, text, question, answer.
  Example within(Corpus hay) {
    int room = length + 1 - sentences.size();
    if (room < 0) {
      throw new IllegalArgumentException(
          "a recall task needs %d tokens, more than the %d of an example"
              .formatted(sentences.size(), length + 1));
    }
    if (hay.size() < room) {
      throw new IllegalArgumentException(
          "the text has %d tokens, too few to hide something in %d".formatted(hay.size(), room));
    }
    int[] text = hay.window(random.nextInt(hay.size() - room + 1), room);
    int before = (int) Math.round(depth * room);
    int[] ids = new int[length + 1];
    int at = copy(text, 0, before, ids, 0);
    at = copy(sentences.fact, 0, sentences.fact.length, ids, at);
    at = copy(text, before, room - before, ids, at);
    at = copy(sentences.question, 0, sentences.question.length, ids, at);
    copy(sentences.answer, 0, sentences.answer.length, ids, at);
    return new Example(ids, weights());
  }

  private float[] weights() {
    float[] weights = new float[length];
    for (int i = 0; i < length; i++) {
      weights[i] = weight.of(i >= length - sentences.answer.length);
    }
    return weights;
  }

  private static int copy(int[] from, int first, int count, int[] to, int at) {
    System.arraycopy(from, first, to, at, count);
    return at + count;
  }
}
