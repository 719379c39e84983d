package dev.farspan.tokenizer.jinja;

import dev.farspan.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Builds expressions out of tokens. Loosest first: `if else`, `or`, `and`, `not`, comparisons, `+
/// -`, `~`, `* / // %`, `**`, unary, then `.name`, `[...]`, `(...)`, and last `|filter` and `is
/// test`. Grammar: Jinja 3.1, parser.py.
final class ExpressionParser {
  private static final Expr NONE = new Expr.Literal(None.NONE);
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /// Reads an expression, or several with commas between, which make a tuple.
  Expr tuple() {
    return tuple(this::expression);
  }

  /// Reads what may be followed by a loop's `if`: no inline condition.
  Expr unconditional() {
    return tuple(this::or);
  }

  private Expr tuple(Supplier<Expr> item) {
    Expr first = item.get();
    if (!tokens.at(",")) {
      return first;
    }
    List<Expr> items = new ArrayList<>(List.of(first));
    while (tokens.skip(",")) {
      if (tokens.at(")") || tokens.peek().kind() == Kind.BLOCK_END) {
        break;
      }
      items.add(item.get());
    }
    return new Expr.TupleOf(items);
  }

  Expr expression() {
    Expr value = or();
    while (tokens.skipName("if")) {
      Expr condition = or();
      Expr otherwise =
          tokens.skipName("else")
              ? expression()
              : new Expr.Literal(new Undefined("the value of an 'if' without 'else'"));
      value = new Expr.Conditional(condition, value, otherwise);
    }
    return value;
  }

  private Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      left = new Expr.Or(left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.And(left, not());
    }
    return left;
  }

  private Expr not() {
    return tokens.skipName("not") ? new Expr.Not(not()) : comparison();
  }

  private Expr comparison() {
    int line = tokens.peek().line();
    Expr first = sum();
    List<Expr.Comparand> rest = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        tokens.next();
        rest.add(new Expr.Comparand(token.text(), sum()));
      } else if (tokens.skipName("in")) {
        rest.add(new Expr.Comparand("in", sum()));
      } else if (tokens.atName("not") && tokens.peek(1).is(Kind.NAME, "in")) {
        tokens.next();
        tokens.next();
        rest.add(new Expr.Comparand("not in", sum()));
      } else {
        return rest.isEmpty() ? first : new Expr.Comparison(first, rest, line);
      }
    }
  }

  private Expr sum() {
    return leftToRight(Set.of("+", "-"), this::concatenation);
  }

  private Expr concatenation() {
    return leftToRight(Set.of("~"), this::product);
  }

  private Expr product() {
    return leftToRight(Set.of("*", "/", "//", "%"), this::power);
  }

  private Expr power() {
    return leftToRight(Set.of("**"), () -> unary(true));
  }

  private Expr leftToRight(Set<String> operators, Supplier<Expr> operand) {
    Expr left = operand.get();
    while (tokens.peek().kind() == Kind.OPERATOR && operators.contains(tokens.peek().text())) {
      Token operator = tokens.next();
      left = new Expr.Arithmetic(operator.text(), left, operand.get(), operator.line());
    }
    return left;
  }

  private Expr unary(boolean withFilters) {
    int line = tokens.peek().line();
    Expr value;
    if (tokens.skip("-")) {
      value = new Expr.Negative(unary(false), line);
    } else if (tokens.skip("+")) {
      throw TemplateException.at(line, "the sign + is not supported");
    } else {
      value = primary();
    }
    value = postfix(value);
    return withFilters ? filters(value) : value;
  }

  private Expr primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token);
      case STRING -> new Expr.Literal(strings(token));
      case INTEGER -> new Expr.Literal(integer(token));
      case FLOAT -> new Expr.Literal(Double.parseDouble(token.text().replace("_", "")));
      case OPERATOR -> bracketed(token);
      default -> throw unexpected(token);
    };
  }

  private static Expr name(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expr.Literal(true);
      case "false", "False" -> new Expr.Literal(false);
      case "none", "None" -> NONE;
      default -> new Expr.Name(token.text(), token.line());
    };
  }

  private String strings(Token first) {
    var text = new StringBuilder(first.text());
    while (tokens.peek().kind() == Kind.STRING) {
      text.append(tokens.next().text());
    }
    return text.toString();
  }

  private static long integer(Token token) {
    try {
      return Long.parseLong(token.text().replace("_", ""));
    } catch (NumberFormatException e) {
      throw TemplateException.at(token.line(), "the number " + token.text() + " is too large");
    }
  }

  private Expr bracketed(Token open) {
    return switch (open.text()) {
      case "(" -> {
        if (tokens.skip(")")) {
          yield new Expr.TupleOf(List.of());
        }
        Expr inside = tuple();
        tokens.expect(")");
        yield inside;
      }
      case "[" -> list();
      case "{" -> dict(open.line());
      default -> throw unexpected(open);
    };
  }

  private static TemplateException unexpected(Token token) {
    return TemplateException.at(
        token.line(), "expected an expression but found '" + token.text() + "'");
  }

  private Expr list() {
    List<Expr> items = new ArrayList<>();
    while (!tokens.skip("]")) {
      if (!items.isEmpty()) {
        tokens.expect(",");
        if (tokens.skip("]")) {
          break;
        }
      }
      items.add(expression());
    }
    return new Expr.ListOf(items);
  }

  private Expr dict(int line) {
    List<Map.Entry<Expr, Expr>> entries = new ArrayList<>();
    while (!tokens.skip("}")) {
      if (!entries.isEmpty()) {
        tokens.expect(",");
        if (tokens.skip("}")) {
          break;
        }
      }
      Expr key = expression();
      tokens.expect(":");
      entries.add(Map.entry(key, expression()));
    }
    return new Expr.DictOf(entries, line);
  }

  private Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      int line = tokens.peek().line();
      if (tokens.skip(".")) {
        Token name = tokens.next();
        value =
            switch (name.kind()) {
              case NAME -> new Expr.Attribute(value, name.text(), line);
              case INTEGER -> new Expr.Item(value, new Expr.Literal(integer(name)), line);
              default -> throw unexpected(name);
            };
      } else if (tokens.skip("[")) {
        value = subscript(value, line);
      } else if (tokens.at("(")) {
        value = new Expr.Call(value, arguments(), line);
      } else {
        return value;
      }
    }
  }

  private Expr subscript(Expr of, int line) {
    Expr from = tokens.at(":") ? NONE : expression();
    if (tokens.skip("]")) {
      return new Expr.Item(of, from, line);
    }
    tokens.expect(":");
    Expr to = tokens.at("]") || tokens.at(":") ? NONE : expression();
    Expr step = tokens.skip(":") && !tokens.at("]") ? expression() : NONE;
    tokens.expect("]");
    return new Expr.Slice(of, from, to, step, line);
  }

  private Expr filters(Expr start) {
    Expr value = start;
    while (true) {
      int line = tokens.peek().line();
      if (tokens.skip("|")) {
        String name = tokens.expect(Kind.NAME).text();
        Filters.require(name, line);
        Expr.Arguments arguments = tokens.at("(") ? arguments() : Expr.Arguments.NONE;
        value = new Expr.Filter(value, name, arguments, line);
      } else if (tokens.skipName("is")) {
        boolean negated = tokens.skipName("not");
        Expr test = test(value, line);
        value = negated ? new Expr.Not(test) : test;
      } else if (tokens.at("(")) {
        value = new Expr.Call(value, arguments(), line);
      } else {
        return value;
      }
    }
  }

  private Expr test(Expr value, int line) {
    String name = tokens.expect(Kind.NAME).text();
    Tests.require(name, line);
    if (tokens.at("(")) {
      return new Expr.Test(value, name, arguments(), line);
    }
    if (!startsArgument()) {
      return new Expr.Test(value, name, Expr.Arguments.NONE, line);
    }
    Expr argument = postfix(primary());
    return new Expr.Test(value, name, new Expr.Arguments(List.of(argument), Map.of()), line);
  }

  // `x is divisibleby 3`: a test's only argument may stand without parentheses.
  private boolean startsArgument() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME -> !Set.of("else", "or", "and", "if", "is", "in", "not").contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      default -> false;
    };
  }

  private Expr.Arguments arguments() {
    tokens.expect("(");
    List<Expr> positional = new ArrayList<>();
    Map<String, Expr> named = new LinkedHashMap<>();
    while (!tokens.skip(")")) {
      if (!positional.isEmpty() || !named.isEmpty()) {
        tokens.expect(",");
        if (tokens.skip(")")) {
          break;
        }
      }
      if (tokens.peek().kind() == Kind.NAME && tokens.peek(1).is(Kind.OPERATOR, "=")) {
        String name = tokens.next().text();
        tokens.next();
        named.put(name, expression());
      } else if (named.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.error("an argument without a name follows one with a name");
      }
    }
    return new Expr.Arguments(positional, named);
  }
}
