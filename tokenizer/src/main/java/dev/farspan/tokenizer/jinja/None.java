package dev.farspan.tokenizer.jinja;

/// Python's None.
enum None {
  NONE
}
