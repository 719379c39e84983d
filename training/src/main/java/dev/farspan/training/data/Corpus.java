package dev.farspan.training.data;

import dev.farspan.tokenizer.Tokenizer;
import java.util.Arrays;

/// A long text as token ids.
public final class Corpus {
  // Long texts are encoded in pieces, since an encoder holds several times the text in memory.
  private static final int PIECE = 1 << 16;

  private final int[] ids;

  private Corpus(int[] ids) {
    this.ids = ids;
  }

  /// Returns a corpus of token ids.
  ///
  /// @param ids the ids; copied
  /// @return the corpus
  public static Corpus of(int... ids) {
    return new Corpus(ids.clone());
  }

  /// Returns a text as token ids.
  ///
  /// @param text the text
  /// @param tokenizer how it is cut
  /// @return the corpus
  public static Corpus encode(String text, Tokenizer tokenizer) {
    int[] ids = new int[Math.max(16, text.length() / 2)];
    int size = 0;
    for (int from = 0; from < text.length(); ) {
      int to = pieceEnd(text, from);
      int[] piece = tokenizer.encode(text.substring(from, to), false);
      if (size + piece.length > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(size + piece.length, 2 * ids.length));
      }
      System.arraycopy(piece, 0, ids, size, piece.length);
      size += piece.length;
      from = to;
    }
    return new Corpus(Arrays.copyOf(ids, size));
  }

  // After a single line end between two words: no pre-tokenizer of a byte-level vocabulary joins
  // what stands on its two sides, so the ids are those of the text in one piece.
  private static int pieceEnd(String text, int from) {
    for (int i = from + PIECE; i + 1 < text.length(); i++) {
      if (text.charAt(i) == '\n'
          && !Character.isWhitespace(text.charAt(i - 1))
          && !Character.isWhitespace(text.charAt(i + 1))) {
        return i + 1;
      }
    }
    return text.length();
  }

  /// Returns how many tokens there are.
  ///
  /// @return the size
  public int size() {
    return ids.length;
  }

  /// Returns consecutive tokens.
  ///
  /// @param from index of the first
  /// @param count how many
  /// @return a copy
  /// @throws IllegalArgumentException if the corpus does not have them
  public int[] window(int from, int count) {
    if (from < 0 || count < 0 || from > ids.length - count) {
      throw new IllegalArgumentException(
          "the text has %d tokens, too few for %d from token %d on"
              .formatted(ids.length, count, from));
    }
    return Arrays.copyOfRange(ids, from, from + count);
  }

  /// Returns the first or the last part of the text.
  ///
  /// @param from where it starts, as a share of the text
  /// @param to where it ends, as a share of the text
  /// @return the tokens between
  public Corpus part(double from, double to) {
    return new Corpus(
        Arrays.copyOfRange(
            ids, (int) Math.round(from * ids.length), (int) Math.round(to * ids.length)));
  }
}
