/// Where keys and values of a sequence are kept: pages of un-rotated keys and of values, per layer.
///
/// Decisions are elsewhere: which keys may be dropped says the attention pattern
/// ([dev.farspan.context.attention.Retained]); this package only stores. Start at [KvCache].
@NullMarked
package dev.farspan.runtime.kvcache;

import org.jspecify.annotations.NullMarked;
