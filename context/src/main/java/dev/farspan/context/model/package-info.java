/// What a checkpoint is: the shape of one decoder-only transformer, whatever its family.
///
/// Made by module `formats` from a Hugging Face `config.json` or GGUF metadata; read by the
/// decoder, which is driven by this data and has no class per family. Start at [ModelConfig].
@NullMarked
package dev.farspan.context.model;

import org.jspecify.annotations.NullMarked;
