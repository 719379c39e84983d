package dev.farspan.tokenizer.jinja;

/// A function, method or macro.
@FunctionalInterface
interface Callable {
  Object call(Args args);
}
