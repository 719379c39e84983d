package dev.farspan.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/// A statement of the template.
sealed interface Stmt {
  record Literal(String text) implements Stmt {}

  record Output(Expr value, int line) implements Stmt {}

  /// Branches in order; `else` is a branch whose condition is true.
  record If(List<Branch> branches) implements Stmt {}

  record Branch(Expr condition, List<Stmt> body) {}

  record For(
      List<String> targets,
      Expr items,
      Expr condition,
      List<Stmt> body,
      List<Stmt> otherwise,
      int line)
      implements Stmt {}

  record Set(List<String> targets, Expr value, int line) implements Stmt {}

  /// `set namespace.attribute = value`
  record SetAttribute(String namespace, String attribute, Expr value, int line) implements Stmt {}

  /// `set name` ... `endset`
  record SetBlock(String name, List<Stmt> body) implements Stmt {}

  /// Parameters without a default have the undefined literal.
  record Macro(String name, Map<String, Expr> parameters, List<Stmt> body, int line)
      implements Stmt {}

  /// transformers' `generation` block, which marks the assistant's text and prints it unchanged.
  record Generation(List<Stmt> body) implements Stmt {}

  record Break() implements Stmt {}

  record Continue() implements Stmt {}
}
