package dev.farspan.context.model;

/// What a model was trained to read far text by, beyond attention to every key.
///
/// A checkpoint says so in the section `farspan` of its configuration; no other engine knows it.
public sealed interface TrainedMemory {
  /// Of a model that was trained for attention alone.
  TrainedMemory NONE = new None();

  /// Nothing.
  record None() implements TrainedMemory {}

  /// Landmark attention (Mohtashami and Jaggi, arXiv 2305.16300, section 3): after every `block`
  /// tokens of text stands a token of its own, whose key stands for them.
  ///
  /// @param block tokens of text in a block, its landmark not counted
  /// @param token id of the landmark, a row of the embedding that no text has
  record Landmarks(int block, int token) implements TrainedMemory {
    /// Checks the values.
    ///
    /// @throws IllegalArgumentException if a block holds nothing or the id is negative
    public Landmarks {
      if (block < 1 || token < 0) {
        throw new IllegalArgumentException(
            "landmarks need a block of at least 1 token and a token id of at least 0, got block=%d token=%d"
                .formatted(block, token));
      }
    }

    /// Returns how many tokens the model reads for a text.
    ///
    /// @param tokens of text
    /// @return the same and the landmark of each full block
    public int read(int tokens) {
      return Math.addExact(tokens, tokens / block);
    }

    /// Returns how much text a sequence holds.
    ///
    /// @param read tokens that the model has read, landmarks among them
    /// @return tokens of text
    public int text(int read) {
      return read - read / (block + 1);
    }
  }

  /// Memory tokens: after each segment the model reads vectors of its own, and their last hidden
  /// states stand for the segment from then on (AutoCompressor, arXiv 2305.14788, section 3; with
  /// `keep` 1 the recurrence of RMT, arXiv 2207.06881, section 3.2).
  ///
  /// @param tokens memory tokens of a segment
  /// @param segment tokens of text between them
  /// @param keep of how many past segments the summaries are read; [#ALL] for every one
  record Summaries(int tokens, int segment, int keep) implements TrainedMemory {
    /// The summaries of all past segments are read.
    public static final int ALL = Integer.MAX_VALUE;

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException if one is less than 1
    public Summaries {
      if (tokens < 1 || segment < 1 || keep < 1) {
        throw new IllegalArgumentException(
            "memory tokens need at least 1 token, a segment of at least 1 and at least 1 summary"
                + " kept, got tokens=%d segment=%d keep=%d".formatted(tokens, segment, keep));
      }
    }
  }
}
