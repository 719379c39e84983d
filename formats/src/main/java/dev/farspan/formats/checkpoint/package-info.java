/// A model on disk, whatever its format: shape, weights and what its tokenizer needs.
///
/// In: a `.gguf` file or a Hugging Face directory. Out: a [Checkpoint]. Not here: what the tensors
/// mean (`runtime`) and turning text into tokens (`tokenizer`).
package dev.farspan.formats.checkpoint;
