package dev.farspan.tokenizer.jinja;

import dev.farspan.tokenizer.jinja.Token.Kind;
import java.util.List;
import java.util.Locale;

/// A position in a list of tokens.
final class Tokens {
  private final List<Token> tokens;
  private int at;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return peek(0);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    at++;
    return token;
  }

  boolean skip(String operator) {
    return skip(Kind.OPERATOR, operator);
  }

  boolean skipName(String name) {
    return skip(Kind.NAME, name);
  }

  private boolean skip(Kind kind, String text) {
    boolean found = peek().is(kind, text);
    if (found) {
      at++;
    }
    return found;
  }

  boolean at(String operator) {
    return peek().is(Kind.OPERATOR, operator);
  }

  boolean atName(String name) {
    return peek().is(Kind.NAME, name);
  }

  void expect(String operator) {
    if (!skip(operator)) {
      throw error("expected '" + operator + "' but found '" + peek().text() + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw error("expected '" + name + "' but found '" + peek().text() + "'");
    }
  }

  Token expect(Kind kind) {
    if (peek().kind() != kind) {
      throw error(
          "expected %s but found '%s'"
              .formatted(kind.name().toLowerCase(Locale.ROOT), peek().text()));
    }
    return next();
  }

  TemplateException error(String what) {
    return TemplateException.at(peek().line(), what);
  }
}
