package dev.farspan.formats.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Files of text: UTF-8 without a NUL.
public final class PlainText {
  /// Some editors put it before the text, of which it is no part (Unicode 16.0, section 23.8).
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private PlainText() {}

  /// Reads a file.
  ///
  /// @param file the file
  /// @return its text without a byte-order mark; empty if it is no text
  /// @throws IOException if it cannot be read
  public static Optional<String> read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (byte b : bytes) {
      if (b == 0) {
        return Optional.empty();
      }
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(
          text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text);
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
