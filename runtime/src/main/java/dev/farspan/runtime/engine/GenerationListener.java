package dev.farspan.runtime.engine;

/// Told what happens during a generation, as it happens.
public interface GenerationListener {
  /// Called after each block of the prompt.
  ///
  /// @param done tokens of the prompt read
  /// @param total tokens of the prompt
  default void onPrefill(int done, int total) {}

  /// Called with what the caller should know, such as the method that `auto` chose.
  ///
  /// @param note one sentence
  default void onNote(String note) {}

  /// Called with each piece of new text, whole characters only.
  ///
  /// @param piece the text
  default void onText(String piece) {}
}
