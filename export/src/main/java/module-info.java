/// Extended models as files that other engines read: Hugging Face directories and GGUF, with a card
/// that says how each was made.
@org.jspecify.annotations.NullMarked
module dev.farspan.export {
  requires static org.jspecify;
  requires transitive dev.farspan.context;
  requires transitive dev.farspan.formats;
  requires dev.farspan.tokenizer;

  exports dev.farspan.export;
}
