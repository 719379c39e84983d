package dev.farspan.tokenizer.jinja;

import dev.farspan.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Builds statements out of tokens. Expressions are [ExpressionParser]'s.
final class Parser {
  private static final Expr TRUE = new Expr.Literal(true);

  private final Tokens tokens;
  private final ExpressionParser expressions;
  private int loops; // how many for-loops are open, for break and continue

  private Parser(Tokens tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  static List<Stmt> parse(String template) {
    var parser = new Parser(new Tokens(Lexer.tokens(template)));
    List<Stmt> body = parser.body();
    if (parser.tokens.peek().kind() != Kind.END) {
      parser.tokens.next();
      throw parser.tokens.error("unexpected tag '" + parser.tokens.peek().text() + "'");
    }
    return body;
  }

  /// Reads statements up to the end or to a tag that is not a statement (`else`, `endfor`, ...);
  /// that tag is left to the caller, its opening still unread.
  private List<Stmt> body() {
    List<Stmt> out = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      switch (token.kind()) {
        case TEXT -> out.add(new Stmt.Literal(tokens.next().text()));
        case OUTPUT_BEGIN -> {
          tokens.next();
          out.add(new Stmt.Output(expressions.tuple(), token.line()));
          tokens.expect(Kind.OUTPUT_END);
        }
        case BLOCK_BEGIN -> {
          String name = tokens.peek(1).text();
          if (name.equals("else") || name.equals("elif") || name.startsWith("end")) {
            return out;
          }
          tokens.next();
          out.add(statement(tokens.expect(Kind.NAME)));
        }
        default -> {
          return out;
        }
      }
    }
  }

  private Stmt statement(Token tag) {
    return switch (tag.text()) {
      case "if" -> ifStatement();
      case "for" -> forLoop(tag.line());
      case "set" -> set(tag.line());
      case "macro" -> macro(tag.line());
      case "generation" -> {
        tokens.expect(Kind.BLOCK_END);
        yield new Stmt.Generation(bodyUntil("endgeneration"));
      }
      case "break" -> loopControl(new Stmt.Break(), tag);
      case "continue" -> loopControl(new Stmt.Continue(), tag);
      default ->
          throw TemplateException.at(tag.line(), "the tag '" + tag.text() + "' is not supported");
    };
  }

  private Stmt loopControl(Stmt stmt, Token tag) {
    if (loops == 0) {
      throw TemplateException.at(tag.line(), "'" + tag.text() + "' outside of a loop");
    }
    tokens.expect(Kind.BLOCK_END);
    return stmt;
  }

  private List<Stmt> bodyUntil(String end) {
    List<Stmt> body = body();
    closing(end);
    return body;
  }

  private void closing(String end) {
    if (!startsTag(end)) {
      throw tokens.error("the tag '" + end + "' is missing");
    }
    tokens.next();
    tokens.next();
    tokens.expect(Kind.BLOCK_END);
  }

  private boolean startsTag(String name) {
    return tokens.peek().kind() == Kind.BLOCK_BEGIN && tokens.peek(1).is(Kind.NAME, name);
  }

  private Stmt ifStatement() {
    List<Stmt.Branch> branches = new ArrayList<>();
    Expr condition = expressions.unconditional();
    tokens.expect(Kind.BLOCK_END);
    branches.add(new Stmt.Branch(condition, body()));
    while (startsTag("elif")) {
      tokens.next();
      tokens.next();
      Expr next = expressions.unconditional();
      tokens.expect(Kind.BLOCK_END);
      branches.add(new Stmt.Branch(next, body()));
    }
    if (startsTag("else")) {
      branches.add(new Stmt.Branch(TRUE, elseBody()));
    }
    closing("endif");
    return new Stmt.If(branches);
  }

  private List<Stmt> elseBody() {
    tokens.next();
    tokens.next();
    tokens.expect(Kind.BLOCK_END);
    return body();
  }

  private Stmt forLoop(int line) {
    List<String> targets = targets();
    tokens.expectName("in");
    Expr items = expressions.unconditional();
    Expr condition = TRUE;
    if (tokens.skipName("if")) {
      condition = expressions.unconditional();
    }
    if (tokens.skipName("recursive")) {
      throw TemplateException.at(line, "recursive loops are not supported");
    }
    tokens.expect(Kind.BLOCK_END);
    loops++;
    List<Stmt> body = body();
    loops--;
    List<Stmt> otherwise = startsTag("else") ? elseBody() : List.of();
    closing("endfor");
    return new Stmt.For(targets, items, condition, body, otherwise, line);
  }

  private List<String> targets() {
    boolean parenthesis = tokens.skip("(");
    List<String> names = new ArrayList<>();
    do {
      names.add(tokens.expect(Kind.NAME).text());
    } while (tokens.skip(","));
    if (parenthesis) {
      tokens.expect(")");
    }
    return names;
  }

  private Stmt set(int line) {
    List<String> targets = targets();
    if (targets.size() == 1 && tokens.skip(".")) {
      String attribute = tokens.expect(Kind.NAME).text();
      tokens.expect("=");
      Expr value = expressions.tuple();
      tokens.expect(Kind.BLOCK_END);
      return new Stmt.SetAttribute(targets.getFirst(), attribute, value, line);
    }
    if (tokens.skip("=")) {
      Expr value = expressions.tuple();
      tokens.expect(Kind.BLOCK_END);
      return new Stmt.Set(targets, value, line);
    }
    tokens.expect(Kind.BLOCK_END);
    return new Stmt.SetBlock(targets.getFirst(), bodyUntil("endset"));
  }

  private Stmt macro(int line) {
    String name = tokens.expect(Kind.NAME).text();
    tokens.expect("(");
    Map<String, Expr> parameters = new LinkedHashMap<>();
    while (!tokens.skip(")")) {
      if (!parameters.isEmpty()) {
        tokens.expect(",");
      }
      String parameter = tokens.expect(Kind.NAME).text();
      Expr otherwise = new Expr.Literal(new Undefined("parameter '" + parameter + "'"));
      parameters.put(parameter, tokens.skip("=") ? expressions.expression() : otherwise);
    }
    tokens.expect(Kind.BLOCK_END);
    int outside = loops;
    loops = 0;
    List<Stmt> body = bodyUntil("endmacro");
    loops = outside;
    return new Stmt.Macro(name, parameters, body, line);
  }
}
