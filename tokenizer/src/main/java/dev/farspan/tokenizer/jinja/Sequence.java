package dev.farspan.tokenizer.jinja;

import java.util.AbstractList;
import java.util.List;

/// A tuple, or what a lazy filter such as `map` gives: lists in all but print and truth.
final class Sequence extends AbstractList<Object> {
  enum Kind {
    TUPLE,
    /// Always true, and without a length, as Python's generators are.
    LAZY
  }

  private final Kind kind;
  private final List<Object> items;

  Sequence(Kind kind, List<Object> items) {
    this.kind = kind;
    this.items = items;
  }

  static Sequence tuple(Object... items) {
    return new Sequence(Kind.TUPLE, List.of(items));
  }

  boolean isLazy() {
    return kind == Kind.LAZY;
  }

  @Override
  public Object get(int index) {
    return items.get(index);
  }

  @Override
  public int size() {
    return items.size();
  }
}
