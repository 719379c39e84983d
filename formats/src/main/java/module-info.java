/// Model files: GGUF and safetensors, read from memory maps and written atomically.
@org.jspecify.annotations.NullMarked
module dev.farspan.formats {
  requires static org.jspecify;
  requires transitive dev.farspan.tensor;
  requires tools.jackson.databind;

  exports dev.farspan.formats;
  exports dev.farspan.formats.gguf;
  exports dev.farspan.formats.safetensors;
}
