package dev.farspan.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns ids into text as they arrive. A character whose bytes are spread over several tokens
/// appears once its last byte has come. The pieces together are the text of all ids. Not
/// thread-safe.
public final class StreamDecoder {
  // A UTF-8 character has at most 4 bytes, so at most 3 wait for the next token.
  private static final int LONGEST_UNFINISHED = 3;

  private final TokenTable table;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private byte[] unfinished = {};

  StreamDecoder(TokenTable table) {
    this.table = table;
  }

  /// Returns the text that became complete with this id.
  ///
  /// @param id the next token id
  /// @return new text, empty while a character is unfinished
  /// @throws IllegalArgumentException if the id is outside the vocabulary
  public String next(int id) {
    byte[] bytes = table.bytes(id);
    ByteBuffer in = ByteBuffer.allocate(unfinished.length + bytes.length);
    in.put(unfinished).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    utf8.reset();
    utf8.decode(in, out, false);
    unfinished = new byte[Math.min(in.remaining(), LONGEST_UNFINISHED)];
    in.get(unfinished);
    return out.flip().toString();
  }

  /// Returns what is left at the end of the sequence: U+FFFD for an unfinished character, else
  /// nothing. The decoder is then as new.
  ///
  /// @return the remaining text
  public String flush() {
    String rest = new String(unfinished, StandardCharsets.UTF_8);
    unfinished = new byte[0];
    return rest;
  }
}
