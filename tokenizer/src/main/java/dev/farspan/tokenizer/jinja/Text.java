package dev.farspan.tokenizer.jinja;

import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Strings as Python sees them: its white space, its escapes, its `strip`.
final class Text {
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(x\\p{XDigit}{2}|u\\p{XDigit}{4}|.)", Pattern.DOTALL);

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
    return ESCAPE
        .matcher(literal)
        .replaceAll(found -> Matcher.quoteReplacement(escape(found.group().substring(1), line)));
  }

  private static String escape(String escape, int line) {
    return switch (escape.charAt(0)) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '\n' -> "";
      case '\\', '\'', '"' -> escape;
      case 'x', 'u' -> {
        if (escape.length() == 1) {
          throw TemplateException.at(line, "a string holds a malformed \\" + escape);
        }
        yield Character.toString(Integer.parseInt(escape, 1, escape.length(), 16));
      }
      case 'a', 'b', 'f', 'v', 'U', 'N', '0', '1', '2', '3', '4', '5', '6', '7' ->
          throw TemplateException.at(
              line, "the escape \\" + escape + " in a string is not supported");
      default -> "\\" + escape;
    };
  }
}
