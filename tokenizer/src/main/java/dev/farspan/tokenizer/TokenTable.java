package dev.farspan.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What each id is spelled like in the vocabulary and which bytes of text it stands for.
final class TokenTable {
  private final List<String> tokens;
  private final byte[][] bytes;
  private final boolean prefixSpace;

  /// @param tokens the vocabulary's spelling of each id
  /// @param bytes the bytes of text of each id
  /// @param prefixSpace whether encoding puts a space before the first word
  TokenTable(List<String> tokens, byte[][] bytes, boolean prefixSpace) {
    this.tokens = List.copyOf(tokens);
    this.bytes = bytes;
    this.prefixSpace = prefixSpace;
  }

  int size() {
    return bytes.length;
  }

  byte[] bytes(int id) {
    return bytes[checked(id)];
  }

  String text(int id) {
    return tokens.get(checked(id));
  }

  String decode(int[] ids) {
    var out = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      out.writeBytes(bytes(id));
    }
    String text = out.toString(StandardCharsets.UTF_8);
    return prefixSpace && text.startsWith(" ") ? text.substring(1) : text;
  }

  private int checked(int id) {
    if (id < 0 || id >= bytes.length) {
      throw new IllegalArgumentException(
          "token id " + id + " is outside the vocabulary of " + bytes.length + " tokens");
    }
    return id;
  }
}
