/// What can be said about a longer context without touching a weight: the shape of a model, RoPE
/// frequencies, attention patterns, the method grammar and the linter.
@org.jspecify.annotations.NullMarked
module dev.farspan.context {
  requires static org.jspecify;

  exports dev.farspan.context.attention;
  exports dev.farspan.context.lint;
  exports dev.farspan.context.method;
  exports dev.farspan.context.model;
  exports dev.farspan.context.rope;
}
