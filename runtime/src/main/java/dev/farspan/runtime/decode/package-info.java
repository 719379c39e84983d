/// Token ids in, logits out: one data-driven decoder for every family, and the sequences it runs.
///
/// The decoder knows no text. Start at [Session] for what a caller does and at [Decoder] for what
/// happens to a block of tokens.
@NullMarked
package dev.farspan.runtime.decode;

import org.jspecify.annotations.NullMarked;
