/// Reading the RoPE settings of a model file so that none is silently ignored.
///
/// In: a `config.json` as plain Java data. Out: the rotary embeddings it describes, computed as
/// transformers does, and a [Finding] for everything unknown, missing or contradictory. Not here:
/// parsing JSON, and the rest of a configuration (module `formats`). Start at [RopeLinter].
@NullMarked
package dev.farspan.context.lint;

import org.jspecify.annotations.NullMarked;
