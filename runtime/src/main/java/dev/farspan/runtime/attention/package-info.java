/// Attention over un-rotated keys under any pattern: a plain reference and the tiled fast path.
///
/// A [BlockPlan] says, for a block of queries, which keys each sees and how queries and pages of
/// keys are rotated; [FlashAttention] and [ReferenceAttention] read it (or the pattern itself) and
/// agree. Start at [Attention].
@NullMarked
package dev.farspan.runtime.attention;

import org.jspecify.annotations.NullMarked;
