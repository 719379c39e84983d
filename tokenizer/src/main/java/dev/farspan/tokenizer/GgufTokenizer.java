package dev.farspan.tokenizer;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/// Tokenizers for the vocabularies inside GGUF files.
///
/// A GGUF file holds tokens, merges or scores and a name for the pre-tokenizer, but no
/// tokenizer.json. One is written in memory from these and handed to the `tokenizers` library, so
/// both formats are encoded by the same code.
public final class GgufTokenizer {
  private GgufTokenizer() {}

  /// Returns the tokenizer of a GGUF vocabulary.
  ///
  /// @param vocabulary what the file's `tokenizer.ggml.*` values say
  /// @return the tokenizer
  /// @throws IllegalArgumentException if the model or the pre-tokenizer is not supported
  public static Tokenizer from(GgufVocabulary vocabulary) {
    Spelling spelling = spelling(vocabulary);
    byte[] json = GgufTokenizerJson.write(vocabulary, spelling);
    return new LibraryTokenizer(
        NativeEncoder.of(json, "the GGUF vocabulary"),
        table(vocabulary, spelling),
        specials(vocabulary));
  }

  /// Returns the names of pre-tokenizers: what [GgufVocabulary#withPre] takes, and what the files
  /// may name.
  ///
  /// @return the names in alphabetical order
  public static SortedSet<String> preTokenizers() {
    return PreTokenizer.names();
  }

  static Spelling spelling(GgufVocabulary vocabulary) {
    return switch (vocabulary.model()) {
      case "gpt2" -> Spelling.BYTE_LEVEL;
      case "llama" -> Spelling.SENTENCE_PIECE;
      default ->
          throw new IllegalArgumentException(
              "tokenizer.ggml.model '%s' is not supported; known: gpt2, llama. Use the model's tokenizer.json instead"
                  .formatted(vocabulary.model()));
    };
  }

  private static TokenTable table(GgufVocabulary vocabulary, Spelling spelling) {
    List<String> tokens = vocabulary.tokens();
    byte[][] bytes = new byte[tokens.size()][];
    for (int id = 0; id < bytes.length; id++) {
      String token = tokens.get(id);
      bytes[id] =
          switch (vocabulary.type(id)) {
            case NORMAL, BYTE -> spelling.bytes(token);
            case UNKNOWN, CONTROL, UNUSED -> Spelling.utf8(token);
            case USER_DEFINED -> Spelling.utf8(GgufTokenizerJson.addedText(token, spelling));
          };
    }
    return new TokenTable(tokens, bytes, vocabulary.specials().addSpacePrefix());
  }

  private static SpecialTokens specials(GgufVocabulary vocabulary) {
    GgufSpecials file = vocabulary.specials();
    Set<Integer> ends = new HashSet<>(file.ends());
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      if (vocabulary.type(id).isAdded() && SpecialTokens.isEndOfTurn(vocabulary.tokens().get(id))) {
        ends.add(id);
      }
    }
    return new SpecialTokens(
        file.bos(),
        file.addBos() ? List.of(file.bos()) : List.of(),
        file.addEos() ? List.of(file.eos()) : List.of(),
        ends);
  }
}
