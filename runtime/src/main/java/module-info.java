/// Runs a model: weights, key/value cache, attention, decoder.
@org.jspecify.annotations.NullMarked
module dev.farspan.runtime {
  requires transitive dev.farspan.context;
  requires transitive dev.farspan.formats;
  requires transitive dev.farspan.kernels;
  requires transitive dev.farspan.tensor;
  requires transitive dev.farspan.tokenizer;
  requires static org.jspecify;

  exports dev.farspan.runtime.attention;
  exports dev.farspan.runtime.decode;
  exports dev.farspan.runtime.engine;
  exports dev.farspan.runtime.kvcache;
  exports dev.farspan.runtime.sample;
  exports dev.farspan.runtime.weights;
}
