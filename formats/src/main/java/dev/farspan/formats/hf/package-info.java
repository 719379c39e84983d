/// Hugging Face configurations: `config.json` of both generations to a model's shape.
///
/// In: JSON nobody vouches for. Out: an [HfConfig], which is what transformers would build from it,
/// with findings for whatever it would ignore or guess. Not here: the RoPE rules themselves
/// (`context.lint`) and weights. Start at [HfConfig].
package dev.farspan.formats.hf;
