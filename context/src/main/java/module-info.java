/// What can be said about a longer context without touching a weight.
@org.jspecify.annotations.NullMarked
module dev.farspan.context {
  requires static org.jspecify;
}
