/// Choosing the next token from logits.
///
/// In: one row of logits and the ids of the sequence so far. Out: an id. Not here: what ends a
/// text, and turning ids into text. Start at [Sampler].
@NullMarked
package dev.farspan.runtime.sample;

import org.jspecify.annotations.NullMarked;
