package dev.farspan.evaluation.perplexity;

import dev.farspan.evaluation.Fingerprint;
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

  /// Returns a fingerprint of all token ids and of where texts begin.
  ///
  /// @return 32 hexadecimal digits
  public String fingerprint() {
    StringBuilder all = new StringBuilder(begin.toString());
    documents.forEach(d -> all.append(Fingerprint.ofTokens(d.tokens())));
    return Fingerprint.ofText(all.toString());
  }
}
