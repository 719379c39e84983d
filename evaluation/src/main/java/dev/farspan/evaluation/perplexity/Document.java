package dev.farspan.evaluation.perplexity;

/// A text as token ids.
public final class Document {
  private final String name;
  private final int[] tokens;

  /// Makes a text.
  ///
  /// @param name what to call it
  /// @param tokens its token ids, in front the one that begins texts where the tokenizer adds one
  public Document(String name, int[] tokens) {
    this.name = name;
    this.tokens = tokens.clone();
  }

  /// Returns what to call it.
  ///
  /// @return a name
  public String name() {
    return name;
  }

  /// Returns the token ids.
  ///
  /// @return a copy
  public int[] tokens() {
    return tokens.clone();
  }

  /// Returns how many tokens the text has.
  ///
  /// @return the count
  public int length() {
    return tokens.length;
  }
}
