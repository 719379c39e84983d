package dev.farspan.runtime.decode;

/// Who reads the logits of a feed. Only the rows that are asked for are computed.
public interface LogitsSink {
  /// Reads nothing.
  LogitsSink NONE =
      new LogitsSink() {
        @Override
        public boolean wants(int position) {
          return false;
        }

        @Override
        public void accept(int position, float[] logits, int at) {}
      };

  /// Returns whether the logits of a position are to be computed.
  ///
  /// @param position zero-based position of a token that is fed
  /// @return whether [#accept] is to be called for it
  boolean wants(int position);

  /// Takes the logits of the token after a position.
  ///
  /// @param position zero-based position of the token that was fed
  /// @param logits a buffer that is reused after the call
  /// @param at index of the first of the vocabulary's logits in it
  void accept(int position, float[] logits, int at);
}
