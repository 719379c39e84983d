package dev.farspan.tokenizer.jinja;

/// The value of what does not exist: prints as nothing, is false, and fails in any other use.
///
/// @param what what was looked for, for the error
record Undefined(String what) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
