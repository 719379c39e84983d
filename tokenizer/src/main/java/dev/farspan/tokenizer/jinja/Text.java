package dev.farspan.tokenizer.jinja;

import java.util.function.IntPredicate;

/// Strings as Python sees them: its white space, its escapes, its `strip`.
final class Text {
  private Text() {}

  /// Returns whether Python's `str.isspace` holds for the character.
  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  static boolean isBlank(String text) {
    return text.codePoints().allMatch(Text::isSpace);
  }

  static String strip(String text, IntPredicate dropped) {
    return stripStart(stripEnd(text, dropped), dropped);
  }

  static String stripEnd(String text) {
    return stripEnd(text, Text::isSpace);
  }

  static String stripEnd(String text, IntPredicate dropped) {
    int end = text.length();
    while (end > 0 && dropped.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(0, end);
  }

  static String stripStart(String text, IntPredicate dropped) {
    int start = 0;
    while (start < text.length() && dropped.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    return text.substring(start);
  }

  /// Returns the value of a string literal; as in Python an unknown escape stands for itself.
  static String unescape(String literal, int line) {
    var out = new StringBuilder(literal.length());
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = literal.charAt(++i);
      switch (escape) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(escape);
        case 'x' -> i = hex(literal, i, 2, out, line);
        case 'u' -> i = hex(literal, i, 4, out, line);
        case 'a', 'b', 'f', 'v', 'U', 'N', '0', '1', '2', '3', '4', '5', '6', '7' ->
            throw TemplateException.at(
                line, "the escape \\" + escape + " in a string is not supported");
        default -> out.append('\\').append(escape);
      }
    }
    return out.toString();
  }

  private static int hex(String literal, int at, int digits, StringBuilder out, int line) {
    try {
      out.append((char) Integer.parseInt(literal.substring(at + 1, at + 1 + digits), 16));
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw TemplateException.at(line, "a string holds a malformed \\" + literal.charAt(at));
    }
    return at + digits;
  }
}
