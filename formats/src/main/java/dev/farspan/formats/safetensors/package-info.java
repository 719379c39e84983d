/// safetensors, the format of Hugging Face checkpoints: a JSON header and raw little-endian data.
///
/// In: a file, a directory, or an index of shards. Out:
/// [dev.farspan.formats.safetensors.SafetensorsFile]. Source of the format:
/// huggingface/safetensors, README.md section "Format". Not here: `config.json` and what the
/// tensors mean.
package dev.farspan.formats.safetensors;
