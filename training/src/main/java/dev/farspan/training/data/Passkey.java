package dev.farspan.training.data;

import dev.farspan.tokenizer.Tokenizer;
import java.util.random.RandomGenerator;

/// The passkey task (Mohtashami and Jaggi, arXiv 2305.16300, section 4.2): a number hidden in text,
/// asked for at its end.
///
/// @param hay the text around
/// @param tokenizer how the sentences are cut
/// @param contextWeight how much each prediction before the answer counts
/// @param answerWeight how much each prediction of the answer counts
/// @param keys which numbers are hidden
public record Passkey(
    Corpus hay, Tokenizer tokenizer, float contextWeight, float answerWeight, Keys keys)
    implements ExampleSource {
  /// Which numbers are hidden.
  public enum Keys {
    /// Five digits: every answer has as many tokens.
    FIVE_DIGITS,
    /// From 1 to 50,000, as the paper draws them; every fifth has fewer digits.
    NUMBERS
  }

  /// The sentence after which the model is to write the key.
  public static final String QUESTION = "\nWhat is the pass key? The pass key is";

  private static final int DIGITS = 5;
  private static final int LARGEST = 50_000;

  /// The task with keys of five digits.
  ///
  /// @param hay the text around
  /// @param tokenizer how the sentences are cut
  /// @param contextWeight how much each prediction before the answer counts
  /// @param answerWeight how much each prediction of the answer counts
  public Passkey(Corpus hay, Tokenizer tokenizer, float contextWeight, float answerWeight) {
    this(hay, tokenizer, contextWeight, answerWeight, Keys.FIVE_DIGITS);
  }

  @Override
  public Example draw(RandomGenerator random, int length) {
    return Recall.example(sentences(random), random.nextDouble(), random, length, this::weights)
        .within(hay);
  }

  /// Returns an example with the key at a given place, for measuring.
  ///
  /// @param random decides key and text
  /// @param length predictions it is to have
  /// @param depth where the key stands: 0 at the start of the text, 1 at its end
  /// @return the example; its last predictions are the answer
  public Example at(RandomGenerator random, int length, double depth) {
    return Recall.example(sentences(random), depth, random, length, this::weights).within(hay);
  }

  /// Returns how many tokens an answer of five digits has.
  ///
  /// @return a blank, the digits and a full stop
  public int answerTokens() {
    return tokenizer.encode(" 12345.", false).length;
  }

  private Recall.Sentences sentences(RandomGenerator random) {
    String key =
        switch (keys) {
          case FIVE_DIGITS -> digits(random);
          case NUMBERS -> Integer.toString(1 + random.nextInt(LARGEST));
        };
    return new Recall.Sentences(
        tokenizer.encode(
            "\nThe pass key is %s. Remember it. %s is the pass key.\n".formatted(key, key), false),
        tokenizer.encode(QUESTION, false),
        tokenizer.encode(" " + key + ".", false));
  }

  private static String digits(RandomGenerator random) {
    StringBuilder key = new StringBuilder();
    for (int d = 0; d < DIGITS; d++) {
      key.append((char) ('0' + random.nextInt(10)));
    }
    return key.toString();
  }

  private float weights(boolean answer) {
    return answer ? answerWeight : contextWeight;
  }
}
