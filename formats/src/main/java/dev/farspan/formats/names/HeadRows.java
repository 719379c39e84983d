package dev.farspan.formats.names;

import java.util.function.IntUnaryOperator;

/// Rows of queries and keys in files whose rotary pairs stand side by side: row `2p + j` of a head
/// in GGUF is its row `j pairs + p` in Hugging Face's layout (llama.cpp `LlamaModel.permute`).
public final class HeadRows {
  private HeadRows() {}

  /// Returns which of transformers' rows stands where in GGUF.
  ///
  /// @param headDim rows of a head
  /// @param pairs how many pairs of them are rotated, the first ones
  /// @return from a row in GGUF to the row of transformers' tensor
  public static IntUnaryOperator inGguf(int headDim, int pairs) {
    return row -> {
      int within = row % headDim;
      return within < 2 * pairs ? row - within + within / 2 + within % 2 * pairs : row;
    };
  }

  /// Returns the inverse of [#inGguf].
  ///
  /// @param headDim rows of a head
  /// @param pairs how many pairs of them are rotated, the first ones
  /// @return from a row of transformers' tensor to the row in GGUF
  public static IntUnaryOperator inHuggingFace(int headDim, int pairs) {
    return row -> {
      int within = row % headDim;
      return within < 2 * pairs ? row - within + within % pairs * 2 + within / pairs : row;
    };
  }
}
