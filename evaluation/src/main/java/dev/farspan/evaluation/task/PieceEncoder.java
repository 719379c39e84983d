package dev.farspan.evaluation.task;

import dev.farspan.tokenizer.Tokenizer;
import java.util.Arrays;

/// Tokens of pieces of text that will stand side by side.
///
/// A piece is encoded by itself, so the tokens of a whole are those of its pieces and a needle
/// begins and ends at a token's border. Vocabularies that put a space before any text are kept from
/// doing so inside a prompt.
public final class PieceEncoder {
  private static final String BORDER = "\n";

  private final Tokenizer tokenizer;
  private final boolean addsSpace;
  private final int[] border;

  /// Makes an encoder.
  ///
  /// @param tokenizer the model's
  public PieceEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    int[] word = tokenizer.encode("word", false);
    this.addsSpace = word.length > 0 && tokenizer.tokenText(word[0]).startsWith("\u2581");
    this.border = tokenizer.encode(BORDER, false);
  }

  /// Returns the tokens of a prompt's first piece.
  ///
  /// @param text the piece
  /// @return ids, the begin-of-text token first if the model asks for one
  int[] first(String text) {
    int[] ids = tokenizer.encode(text, false);
    if (!tokenizer.addsBeginOfText()) {
      return ids;
    }
    int[] all = new int[ids.length + 1];
    all[0] = tokenizer.beginOfText().orElseThrow();
    System.arraycopy(ids, 0, all, 1, ids.length);
    return all;
  }

  /// Returns the tokens of a piece that follows another.
  ///
  /// @param text the piece
  /// @return ids
  public int[] next(String text) {
    if (addsSpace) {
      int[] ids = tokenizer.encode(BORDER + text, false);
      int same = Arrays.mismatch(ids, border);
      if (same == border.length) {
        return Arrays.copyOfRange(ids, border.length, ids.length);
      }
    }
    return tokenizer.encode(text, false);
  }

  /// Returns whether a sentence may end with a token.
  boolean endsSentence(int id) {
    String text = tokenizer.tokenText(id);
    return text.endsWith(".") || text.endsWith("!") || text.endsWith("?");
  }
}
