package dev.farspan.evaluation.perplexity;

import dev.farspan.evaluation.Fingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/// Texts as a model reads them.
///
/// @param documents the texts
/// @param begin the token that begins texts, where the tokenizer adds one
public record Corpus(List<Document> documents, OptionalInt begin) {
  /// Copies the list.
  public Corpus {
    documents = List.copyOf(documents);
  }

  /// Returns the same texts cut to their first tokens.
  ///
  /// @param tokens how many at most
  /// @return shorter texts
  public Corpus first(int tokens) {
    return new Corpus(
        documents.stream()
            .map(
                d ->
                    new Document(d.name(), Arrays.copyOf(d.tokens(), Math.min(tokens, d.length()))))
            .toList(),
        begin);
  }

  /// Returns windows of these texts, spread evenly over all that fit without overlapping.
  ///
  /// @param count how many
  /// @param length tokens of each
  /// @return texts of that length
  /// @throws IllegalArgumentException if fewer fit
  public Corpus windows(int count, int length) {
    List<Document> all = new ArrayList<>();
    for (Document document : documents) {
      for (int at = 0; at + length <= document.length(); at += length) {
        int[] tokens = Arrays.copyOfRange(document.tokens(), at, at + length);
        all.add(new Document(document.name() + " from token " + at, tokens));
      }
    }
    if (all.size() < count) {
      throw new IllegalArgumentException(
          "the texts hold %d windows of %,d tokens, %d are needed: take longer texts or fewer samples"
              .formatted(all.size(), length, count));
    }
    List<Document> spread = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      spread.add(all.get((int) ((long) i * all.size() / count)));
    }
    return new Corpus(spread, begin);
  }

  /// Returns a fingerprint of all token ids and of where texts begin.
  ///
  /// @return 32 hexadecimal digits
  public String fingerprint() {
    StringBuilder all = new StringBuilder(begin.toString());
    documents.forEach(d -> all.append(Fingerprint.ofTokens(d.tokens())));
    return Fingerprint.ofText(all.toString());
  }
}
