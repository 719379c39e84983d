package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gives expressions their values.
final class Evaluator {
  private Evaluator() {}

  static Object value(Expr expr, Scope scope) {
    return switch (expr) {
      case Expr.Literal(Object value) -> value;
      case Expr.Name(String name, int line) -> scope.get(name);
      case Expr.Attribute(Expr of, String name, int line) ->
          Members.attribute(value(of, scope), name, line);
      case Expr.Item(Expr of, Expr index, int line) ->
          Members.item(value(of, scope), value(index, scope), line);
      case Expr.Slice slice -> Slices.of(value(slice.of(), scope), slice, scope);
      case Expr.Call call -> call(call, scope);
      case Expr.Filter(Expr input, String name, Expr.Arguments arguments, int line) ->
          Filters.apply(value(input, scope), args("|" + name, arguments, line, scope));
      case Expr.Test(Expr input, String name, Expr.Arguments arguments, int line) ->
          Tests.holds(value(input, scope), args(name, arguments, line, scope));
      case Expr.Negative(Expr of, int line) -> Arithmetic.apply("-", 0L, value(of, scope), line);
      case Expr.Not(Expr of) -> !Values.truth(value(of, scope));
      case Expr.And(Expr left, Expr right) -> {
        Object first = value(left, scope);
        yield Values.truth(first) ? value(right, scope) : first;
      }
      case Expr.Or(Expr left, Expr right) -> {
        Object first = value(left, scope);
        yield Values.truth(first) ? first : value(right, scope);
      }
      case Expr.Arithmetic sum -> arithmetic(sum, scope);
      case Expr.Comparison comparison -> comparison(comparison, scope);
      case Expr.Conditional(Expr condition, Expr then, Expr otherwise) ->
          value(Values.truth(value(condition, scope)) ? then : otherwise, scope);
      case Expr.ListOf(List<Expr> items) -> all(items, scope);
      case Expr.TupleOf(List<Expr> items) -> Sequence.tuple(all(items, scope).toArray());
      case Expr.DictOf dict -> dict(dict, scope);
    };
  }

  static List<Object> all(List<Expr> expressions, Scope scope) {
    List<Object> out = new ArrayList<>(expressions.size());
    for (Expr expr : expressions) {
      out.add(value(expr, scope));
    }
    return out;
  }

  private static Args args(String function, Expr.Arguments arguments, int line, Scope scope) {
    Map<String, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, expr) -> named.put(name, value(expr, scope)));
    return new Args(function, all(arguments.positional(), scope), named, line);
  }

  private static Object call(Expr.Call call, Scope scope) {
    Object callee = value(call.callee(), scope);
    String name =
        switch (call.callee()) {
          case Expr.Name(String simple, int line) -> simple;
          case Expr.Attribute(Expr of, String method, int line) -> method;
          default -> "the expression";
        };
    if (callee instanceof Callable function) {
      return function.call(args(name + "()", call.arguments(), call.line(), scope));
    }
    throw TemplateException.at(
        call.line(), "cannot call '" + name + "': it is " + Values.describe(callee));
  }

  private static Object arithmetic(Expr.Arithmetic expr, Scope scope) {
    Object left = value(expr.left(), scope);
    Object right = value(expr.right(), scope);
    if (expr.operator().equals("~")) {
      return Values.print(left, expr.line()) + Values.print(right, expr.line());
    }
    return Arithmetic.apply(expr.operator(), left, right, expr.line());
  }

  private static boolean comparison(Expr.Comparison expr, Scope scope) {
    Object left = value(expr.first(), scope);
    for (Expr.Comparand comparand : expr.rest()) {
      Object right = value(comparand.right(), scope);
      if (!compare(comparand.operator(), left, right, expr.line())) {
        return false;
      }
      left = right;
    }
    return true;
  }

  static boolean compare(String operator, Object left, Object right, int line) {
    return switch (operator) {
      case "==" -> Values.same(left, right);
      case "!=" -> !Values.same(left, right);
      case "in" -> Values.contains(right, left, line);
      case "not in" -> !Values.contains(right, left, line);
      case "<" -> Values.compare(left, right, line) < 0;
      case "<=" -> Values.compare(left, right, line) <= 0;
      case ">" -> Values.compare(left, right, line) > 0;
      case ">=" -> Values.compare(left, right, line) >= 0;
      default -> throw TemplateException.at(line, "unknown comparison '" + operator + "'");
    };
  }

  private static Map<Object, Object> dict(Expr.DictOf dict, Scope scope) {
    Map<Object, Object> out = new LinkedHashMap<>();
    for (Map.Entry<Expr, Expr> entry : dict.entries()) {
      out.put(value(entry.getKey(), scope), value(entry.getValue(), scope));
    }
    return out;
  }
}
