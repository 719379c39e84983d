/// GGUF, the format of llama.cpp: metadata and tensors in one file or several.
///
/// In: versions 2 and 3, little-endian, split or whole. Out: [dev.farspan.formats.gguf.GgufFile].
/// Source of the format: ggml `docs/gguf.md`; of the types: `ggml.h`, `ggml-common.h`. Not here:
/// what the metadata means for a model.
package dev.farspan.formats.gguf;
