package dev.farspan.training.data;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts text into the pieces that no token crosses: every digit by itself, then words with the
/// blank before them, punctuation and blanks.
///
/// The same cut as the pre-tokenizers `Digits(individual_digits)` and `ByteLevel` of a
/// tokenizer.json, which llama.cpp calls `smollm`. With digits one by one a model can copy a number
/// it has never seen.
final class WordSplitter {
  // One numeral, or a run without numerals.
  private static final Pattern NUMERALS = Pattern.compile("(\\p{N})|\\P{N}+");

  // The words of GPT-2 (openai/gpt-2 encoder.py); numerals are already apart.
  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private WordSplitter() {}

  /// Hands every piece of a text to a consumer, in order and without a gap.
  static void split(CharSequence text, Consumer<String> piece) {
    Matcher runs = NUMERALS.matcher(text);
    while (runs.find()) {
      if (runs.group(1) != null) {
        piece.accept(runs.group());
        continue;
      }
      Matcher words = WORDS.matcher(runs.group());
      int end = 0;
      while (words.find()) {
        piece.accept(words.group());
        end = words.end();
      }
      if (end < runs.group().length()) {
        piece.accept(runs.group().substring(end));
      }
    }
  }
}
