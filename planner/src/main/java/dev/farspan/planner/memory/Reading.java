package dev.farspan.planner.memory;

/// How a sequence is read and written.
///
/// @param prompt tokens read in blocks
/// @param written tokens that follow one by one
/// @param block tokens computed together
public record Reading(int prompt, int written, int block) {
  /// Checks the counts.
  ///
  /// @throws IllegalArgumentException if a count is negative, all are 0, or a block is empty
  public Reading {
    if (prompt < 0 || written < 0 || block < 1 || (long) prompt + written < 1) {
      throw new IllegalArgumentException(
          "a sequence needs at least one token in blocks of at least one, got %d read, %d written, block %d"
              .formatted(prompt, written, block));
    }
    if ((long) prompt + written > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a sequence has at most %d tokens, got %d read and %d written"
              .formatted(Integer.MAX_VALUE, prompt, written));
    }
  }

  /// Returns the length reached.
  ///
  /// @return tokens read and written
  public int tokens() {
    return prompt + written;
  }

  /// Returns the same with another number of tokens read.
  ///
  /// @param tokens tokens read and written together; those written stay as many, if there are so
  ///   many
  /// @return the reading
  public Reading withTokens(int tokens) {
    int after = Math.min(written, tokens);
    return new Reading(tokens - after, after, block);
  }
}
