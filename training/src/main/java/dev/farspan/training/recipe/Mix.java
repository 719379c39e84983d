package dev.farspan.training.recipe;

import dev.farspan.tokenizer.Tokenizer;
import dev.farspan.training.data.Corpus;
import dev.farspan.training.data.ExampleSource;
import dev.farspan.training.data.KeyValues;
import dev.farspan.training.data.Mixture;
import dev.farspan.training.data.Passkey;
import dev.farspan.training.data.Repeats;
import dev.farspan.training.data.TextWindows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What examples are made of, as a recipe writes it: `text 0.4, passkey 0.3, repeats 0.3`.
///
/// @param shares by the name of the source
/// @param contextWeight how much a prediction before a task's answer counts
/// @param answerWeight how much a prediction of the answer counts
record Mix(Map<String, Double> shares, double contextWeight, double answerWeight) {
  private static final List<String> KNOWN =
      List.of("text", "passkey", "number", "lookup", "repeats");

  static Mix read(Settings settings) {
    Map<String, Double> shares = new LinkedHashMap<>();
    String text = settings.find("mix").orElse("text 1");
    for (String part : text.split(",", -1)) {
      String[] words = part.strip().split("\\s+", -1);
      if (words.length != 2
          || !KNOWN.contains(words[0])
          || !words[1].matches("\\d*\\.?\\d+")
          || shares.put(words[0], Double.parseDouble(words[1])) != null) {
        throw settings.error(
            "'mix = %s' is not a list of sources and shares; known sources: %s"
                .formatted(text, String.join(", ", KNOWN)));
      }
    }
    return new Mix(
        shares, settings.number("weight.context", 1), settings.number("weight.answer", 1));
  }

  ExampleSource source(Corpus text, Tokenizer tokenizer, int vocabSize) {
    List<Mixture.Part> parts = new ArrayList<>();
    shares.forEach(
        (name, share) -> parts.add(new Mixture.Part(share, one(name, text, tokenizer, vocabSize))));
    return new Mixture(parts);
  }

  private ExampleSource one(String name, Corpus text, Tokenizer tokenizer, int vocabSize) {
    return switch (name) {
      case "passkey" -> passkey(text, tokenizer, Passkey.Keys.FIVE_DIGITS);
      case "number" -> passkey(text, tokenizer, Passkey.Keys.NUMBERS);
      case "lookup" -> new KeyValues(text, tokenizer, (float) contextWeight, (float) answerWeight);
      case "repeats" -> new Repeats(text, vocabSize);
      default -> new TextWindows(text);
    };
  }

  private Passkey passkey(Corpus text, Tokenizer tokenizer, Passkey.Keys keys) {
    return new Passkey(text, tokenizer, (float) contextWeight, (float) answerWeight, keys);
  }
}
