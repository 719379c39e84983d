/// From a model and a context method to files that llama.cpp, vLLM and transformers read.
///
/// In: a checkpoint and [dev.farspan.export.ExportOptions]. Out: a directory or a GGUF file, with a
/// card; nothing is there before all of it is. Start at [dev.farspan.export.Export]. What a format
/// cannot express is refused with the reason (docs/export.md).
package dev.farspan.export;
