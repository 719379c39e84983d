/// The hot loops of the runtime: a plain reference and a Vector API twin that is tested against it.
@org.jspecify.annotations.NullMarked
module dev.farspan.kernels {
  requires transitive dev.farspan.tensor;
  requires jdk.incubator.vector;
  requires static org.jspecify;

  exports dev.farspan.kernels;
}
