package dev.farspan.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// How a vocabulary writes bytes as characters.
enum Spelling {
  /// Every byte is one printable character: GPT-2's `bytes_to_unicode` (openai/gpt-2 encoder.py).
  BYTE_LEVEL {
    @Override
    byte[] bytes(String token) {
      var out = new ByteArrayOutputStream(token.length());
      for (int i = 0; i < token.length(); i++) {
        char c = token.charAt(i);
        int value = c < BYTE_OF.length ? BYTE_OF[c] : -1;
        if (value < 0) {
          return utf8(token); // not written in the byte alphabet: the token stands for itself
        }
        out.write(value);
      }
      return out.toByteArray();
    }
  },
  /// Spaces are U+2581 and bytes without a token of their own are `<0xNN>`: SentencePiece.
  SENTENCE_PIECE {
    @Override
    byte[] bytes(String token) {
      return isByte(token) ? HexFormat.of().parseHex(token, 3, 5) : utf8(token.replace(SPACE, ' '));
    }
  };

  /// U+2581, the visible space of SentencePiece.
  static final char SPACE = '▁';

  private static final int[] BYTE_OF = byteAlphabet();

  /// Returns the bytes of text that a vocabulary entry stands for.
  abstract byte[] bytes(String token);

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isByte(String token) {
    return token.length() == 6
        && token.startsWith("<0x")
        && token.endsWith(">")
        && HexFormat.isHexDigit(token.charAt(3))
        && HexFormat.isHexDigit(token.charAt(4));
  }

  // Printable Latin-1 bytes are themselves; the other 68 follow from U+0100 on, in byte order.
  private static int[] byteAlphabet() {
    int[] byteOf = new int[0x144];
    Arrays.fill(byteOf, -1);
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
      byteOf[printable ? b : next++] = b;
    }
    return byteOf;
  }
}
