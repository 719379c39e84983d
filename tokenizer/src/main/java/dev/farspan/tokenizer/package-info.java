/// Text to token ids and back, and chat templates.
///
/// In: a `tokenizer.json` ([HfTokenizer]) or the `tokenizer.ggml.*` values of a GGUF file
/// ([GgufTokenizer]). Out: a [Tokenizer]. Conversations become prompts through [ChatTemplate]. Not
/// here: reading GGUF files (`formats`) and deciding when to stop (`runtime`). Start at
/// [Tokenizer].
@NullMarked
package dev.farspan.tokenizer;

import org.jspecify.annotations.NullMarked;
