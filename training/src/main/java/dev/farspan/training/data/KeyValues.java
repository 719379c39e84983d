package dev.farspan.training.data;

import dev.farspan.tokenizer.Tokenizer;
import java.util.random.RandomGenerator;

/// Look-up: numbered entries, each with a value, one of which is asked for. Unlike a passkey the
/// others are as likely, so the model has to match the key before it copies.
///
/// @param hay the text around
/// @param tokenizer how the sentences are cut
/// @param contextWeight how much each prediction before the answer counts
/// @param answerWeight how much each prediction of the answer counts
public record KeyValues(Corpus hay, Tokenizer tokenizer, float contextWeight, float answerWeight)
    implements ExampleSource {
  private static final int MOST_ENTRIES = 4;
  private static final int KEYS = 1000;
  private static final int VALUES = 10_000;

  @Override
  public Example draw(RandomGenerator random, int length) {
    int fitting = Math.max(1, (length - 24) / 40);
    int entries = 1 + random.nextInt(Math.min(MOST_ENTRIES, fitting));
    int[] keys = random.ints(0, KEYS).distinct().limit(entries).toArray();
    StringBuilder list = new StringBuilder("\n");
    int asked = random.nextInt(entries);
    String value = "";
    for (int e = 0; e < entries; e++) {
      String of = "%04d".formatted(random.nextInt(VALUES));
      list.append("The value of %03d is %s.\n".formatted(keys[e], of));
      value = e == asked ? of : value;
    }
    Recall.Sentences sentences =
        new Recall.Sentences(
            tokenizer.encode(list.toString(), false),
            tokenizer.encode("\nThe value of %03d is".formatted(keys[asked]), false),
            tokenizer.encode(" " + value + ".", false));
    return Recall.example(sentences, random.nextDouble(), random, length, this::weights)
        .within(hay);
  }

  private float weights(boolean answer) {
    return answer ? answerWeight : contextWeight;
  }
}
