package dev.farspan.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/// Turns text into the token ids a model reads, and ids back into text.
///
/// Implementations are immutable and may be used by several threads at once until closed.
public interface Tokenizer extends AutoCloseable {
  /// Returns the token ids of `text`.
  ///
  /// Special tokens written in the text (`<|im_start|>`) become their single id. A rendered chat
  /// template already holds the tokens it wants: encode it with `addSpecial` false. A byte that a
  /// vocabulary has no token for (a few control characters in SmolLM2's) has no id, as in the
  /// `tokenizers` library.
  ///
  /// @param text any text without lone surrogates
  /// @param addSpecial whether to add the begin- and end-of-text tokens the model asks for
  /// @return the ids
  /// @throws IllegalArgumentException if the text holds half a surrogate pair, which UTF-8 cannot
  ///   express
  int[] encode(String text, boolean addSpecial);

  /// Returns the text of a whole sequence of ids, special tokens included as they are written.
  ///
  /// Bytes that are not UTF-8 become U+FFFD. Vocabularies that put a space before the first word
  /// lose that one space again, so this undoes [#encode]; for text that continues a prompt use
  /// [#stream], which keeps it.
  ///
  /// @param ids token ids
  /// @return the text
  /// @throws IllegalArgumentException if an id is outside the vocabulary
  String decode(int... ids);

  /// Returns a fresh decoder that is fed one id at a time and never gives out half a character.
  ///
  /// @return the decoder
  StreamDecoder stream();

  /// Returns how many ids there are; ids run from 0 to one less.
  ///
  /// @return the size of the vocabulary
  int vocabSize();

  /// Returns the token as the vocabulary spells it (`Ġthe`, `▁the`, `<0x0A>`), for reports.
  ///
  /// @param id a token id
  /// @return the vocabulary's spelling
  /// @throws IllegalArgumentException if the id is outside the vocabulary
  String tokenText(int id);

  /// Returns the id of the begin-of-text token, whether or not [#encode] adds it.
  ///
  /// @return the id, or empty if the vocabulary has none
  OptionalInt beginOfText();

  /// Returns whether [#encode] with `addSpecial` puts the begin-of-text token first.
  ///
  /// @return true if it does
  boolean addsBeginOfText();

  /// Returns every id after which the model has nothing more to say: end of text and end of turn.
  ///
  /// @return the ids at which generation stops
  Set<Integer> endOfText();

  /// Frees the native memory behind this tokenizer; it cannot be used afterwards.
  @Override
  void close();
}
