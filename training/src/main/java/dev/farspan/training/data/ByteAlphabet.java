package dev.farspan.training.data;

/// One printable character for each byte, as byte-level vocabularies spell their tokens (GPT-2's
/// `bytes_to_unicode`, openai/gpt-2 `encoder.py`).
final class ByteAlphabet {
  private static final char[] LETTERS = letters();

  private ByteAlphabet() {}

  /// Returns the character that stands for a byte.
  static char letter(int unsignedByte) {
    return LETTERS[unsignedByte];
  }

  /// Returns the bytes in the order of their characters, which is the order of their ids.
  static int[] bytesByLetter() {
    int[] bytes = new int[256];
    for (int b = 0; b < 256; b++) {
      int rank = 0;
      for (char other : LETTERS) {
        if (other < LETTERS[b]) {
          rank++;
        }
      }
      bytes[rank] = b;
    }
    return bytes;
  }

  // Printable Latin-1 bytes are themselves; the other 68 follow from U+0100 on, in byte order.
  private static char[] letters() {
    char[] letters = new char[256];
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
      letters[b] = printable ? (char) b : next++;
    }
    return letters;
  }
}
