/// Typed, shaped views on memory and the block-quantised layouts they may hold.
@org.jspecify.annotations.NullMarked
module dev.farspan.tensor {
  requires static org.jspecify;

  exports dev.farspan.tensor;
}
