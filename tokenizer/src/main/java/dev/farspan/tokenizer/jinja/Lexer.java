package dev.farspan.tokenizer.jinja;

import dev.farspan.tokenizer.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens and settles all white space: `trim_blocks` drops the newline after a
/// block or comment, `lstrip_blocks` the indentation before one, `-` all white space on its side,
/// `+` keeps it. Rules: Jinja 3.1, lexer.py.
final class Lexer {
  private static final Pattern NUMBER =
      Pattern.compile("\\d[\\d_]*(\\.\\d[\\d_]*)?([eE][+-]?\\d+)?");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern OPERATOR =
      Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int counted;
  private int newlines;
  // Whether the position is at the start of a line as far as lstrip_blocks is concerned.
  private boolean lineStart = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    // Jinja unifies line ends and drops one newline at the very end.
    String unified = template.replace("\r\n", "\n").replace('\r', '\n');
    var lexer =
        new Lexer(unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < source.length()) {
      int tag = nextTag();
      if (tag < 0) {
        add(Kind.TEXT, source.substring(at));
        at = source.length();
      } else {
        text(tag);
        tag();
      }
    }
    add(Kind.END, "the end of the template");
  }

  private int nextTag() {
    for (int i = at; i + 1 < source.length(); i++) {
      if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void text(int end) {
    String text = source.substring(at, end);
    char sign = end + 2 < source.length() ? source.charAt(end + 2) : ' ';
    if (sign == '-') {
      text = Text.stripEnd(text);
    } else if (sign != '+' && source.charAt(end + 1) != '{') {
      int line = text.lastIndexOf('\n') + 1;
      if ((line > 0 || lineStart) && Text.isBlank(text.substring(line))) {
        text = text.substring(0, line);
      }
    }
    if (!text.isEmpty()) {
      add(Kind.TEXT, text);
    }
    at = end;
  }

  private void tag() {
    char type = source.charAt(at + 1);
    int start = at;
    at += 2;
    if (at < source.length() && "-+".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
    switch (type) {
      case '#' -> comment(start);
      case '%' -> inside(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
      default -> inside(Kind.OUTPUT_BEGIN, Kind.OUTPUT_END, "}}");
    }
  }

  private void comment(int start) {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw TemplateException.at(line(start), "the comment does not end");
    }
    boolean strip = end > at && source.charAt(end - 1) == '-';
    boolean keep = end > at && source.charAt(end - 1) == '+';
    at = end + 2;
    skipAfter(strip, !keep);
  }

  private void inside(Kind begin, Kind end, String close) {
    int start = at;
    tokens.add(new Token(begin, "", line(at)));
    Deque<Character> open = new ArrayDeque<>();
    while (at < source.length()) {
      if (Text.isSpace(source.charAt(at))) {
        at++;
      } else if (open.isEmpty() && closes(end, close)) {
        return;
      } else {
        balance(expressionToken(), open);
      }
    }
    throw TemplateException.at(line(start), "the tag is not closed with " + close);
  }

  private boolean closes(Kind end, String close) {
    char c = source.charAt(at);
    boolean sign = (c == '-' || (c == '+' && end == Kind.BLOCK_END));
    if (!source.startsWith(close, sign ? at + 1 : at)) {
      return false;
    }
    add(end, close);
    at += sign ? 3 : 2;
    skipAfter(sign && c == '-', end == Kind.BLOCK_END && !sign);
    return true;
  }

  private void skipAfter(boolean strip, boolean trim) {
    int from = at;
    if (strip) {
      while (at < source.length() && Text.isSpace(source.charAt(at))) {
        at++;
      }
    } else if (trim && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
    lineStart = at > from && source.charAt(at - 1) == '\n';
  }

  private void balance(Token token, Deque<Character> open) {
    if (token.kind() != Kind.OPERATOR) {
      return;
    }
    switch (token.text()) {
      case "(", "[", "{" -> open.push(token.text().charAt(0));
      case ")", "]", "}" -> {
        char wanted =
            switch (token.text()) {
              case ")" -> '(';
              case "]" -> '[';
              default -> '{';
            };
        if (open.isEmpty() || open.pop() != wanted) {
          throw TemplateException.at(token.line(), "unexpected '" + token.text() + "'");
        }
      }
      default -> {}
    }
  }

  private Token expressionToken() {
    char c = source.charAt(at);
    if (c == '\'' || c == '"') {
      return string(c);
    }
    Matcher number = NUMBER.matcher(source).region(at, source.length());
    if (number.lookingAt()) {
      boolean fraction = number.group(1) != null || number.group(2) != null;
      return take(fraction ? Kind.FLOAT : Kind.INTEGER, number);
    }
    Matcher name = NAME.matcher(source).region(at, source.length());
    if (name.lookingAt()) {
      return take(Kind.NAME, name);
    }
    Matcher operator = OPERATOR.matcher(source).region(at, source.length());
    if (operator.lookingAt()) {
      return take(Kind.OPERATOR, operator);
    }
    throw TemplateException.at(line(at), "unexpected character '" + c + "'");
  }

  private Token take(Kind kind, Matcher matched) {
    Token token = add(kind, matched.group());
    at = matched.end();
    return token;
  }

  private Token string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw TemplateException.at(line(at), "the string does not end");
    }
    Token token = add(Kind.STRING, Text.unescape(source.substring(at + 1, end), line(at)));
    at = end + 1;
    return token;
  }

  private Token add(Kind kind, String text) {
    var token = new Token(kind, text, line(at));
    tokens.add(token);
    return token;
  }

  // Positions mostly grow, so newlines are counted from the last one asked for.
  private int line(int position) {
    if (position < counted) {
      counted = 0;
      newlines = 0;
    }
    for (; counted < position; counted++) {
      newlines += source.charAt(counted) == '\n' ? 1 : 0;
    }
    return 1 + newlines;
  }
}
