package dev.farspan.tokenizer;

import java.util.List;

/// The token types of `tokenizer.ggml.token_type`, in the order of their numbers from 1 on (GGUF
/// specification; SentencePiece's piece types).
enum GgufTokenType {
  NORMAL,
  UNKNOWN,
  CONTROL,
  USER_DEFINED,
  UNUSED,
  BYTE;

  /// Returns whether text is searched for this token before anything else.
  boolean isAdded() {
    return this == UNKNOWN || this == CONTROL || this == USER_DEFINED;
  }

  /// Returns the number that files have for it.
  int number() {
    return List.of(values()).indexOf(this) + 1;
  }

  static GgufTokenType of(int number, int id) {
    if (number < 1 || number > values().length) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.token_type gives token %d the unknown type %d".formatted(id, number));
    }
    return values()[number - 1];
  }
}
