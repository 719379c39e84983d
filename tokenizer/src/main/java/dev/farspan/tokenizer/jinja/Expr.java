package dev.farspan.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/// An expression of the template.
sealed interface Expr {
  record Literal(Object value) implements Expr {}

  record Name(String name, int line) implements Expr {}

  /// `of.name`
  record Attribute(Expr of, String name, int line) implements Expr {}

  /// `of[index]`
  record Item(Expr of, Expr index, int line) implements Expr {}

  /// `of[from:to:step]`; what is not written is the literal none.
  record Slice(Expr of, Expr from, Expr to, Expr step, int line) implements Expr {}

  record Call(Expr callee, Arguments arguments, int line) implements Expr {}

  record Filter(Expr input, String name, Arguments arguments, int line) implements Expr {}

  record Test(Expr input, String name, Arguments arguments, int line) implements Expr {}

  record Negative(Expr of, int line) implements Expr {}

  record Not(Expr of) implements Expr {}

  record And(Expr left, Expr right) implements Expr {}

  record Or(Expr left, Expr right) implements Expr {}

  /// One of `+ - * / // % ** ~`.
  record Arithmetic(String operator, Expr left, Expr right, int line) implements Expr {}

  /// `first op second op third ...`, each neighbour compared.
  record Comparison(Expr first, List<Comparand> rest, int line) implements Expr {}

  record Comparand(String operator, Expr right) {}

  /// `then if condition else otherwise`; without `else` the value is undefined.
  record Conditional(Expr condition, Expr then, Expr otherwise) implements Expr {}

  record ListOf(List<Expr> items) implements Expr {}

  record TupleOf(List<Expr> items) implements Expr {}

  record DictOf(List<Map.Entry<Expr, Expr>> entries, int line) implements Expr {}

  /// Arguments by position and by name.
  record Arguments(List<Expr> positional, Map<String, Expr> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());
  }
}
