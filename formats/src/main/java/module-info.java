/// Model files: GGUF, safetensors and Hugging Face configurations, read from memory maps and
/// written atomically.
@org.jspecify.annotations.NullMarked
module dev.farspan.formats {
  requires static org.jspecify;
  requires transitive dev.farspan.context;
  requires transitive dev.farspan.tensor;
  requires tools.jackson.databind;

  exports dev.farspan.formats;
  exports dev.farspan.formats.adapter;
  exports dev.farspan.formats.checkpoint;
  exports dev.farspan.formats.gguf;
  exports dev.farspan.formats.hf;
  exports dev.farspan.formats.names;
  exports dev.farspan.formats.safetensors;
  exports dev.farspan.formats.text;
}
