/// Text to token ids and back, and chat templates.
@SuppressWarnings("requires-automatic")
@org.jspecify.annotations.NullMarked
module dev.farspan.tokenizer {
  requires static org.jspecify;
  requires ai.djl.api;
  requires ai.djl.tokenizers;
  // Needed by ai.djl.*, which as automatic modules cannot say so: nobody else would resolve it.
  requires org.slf4j;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.farspan.tokenizer;
}
