/// Text to token ids and back, and chat templates.
@SuppressWarnings("requires-automatic")
@org.jspecify.annotations.NullMarked
module dev.farspan.tokenizer {
  requires static org.jspecify;
  requires ai.djl.api;
  requires ai.djl.tokenizers;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.farspan.tokenizer;
}
