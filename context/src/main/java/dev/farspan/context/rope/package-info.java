/// How a RoPE frequency table follows from the trained one and the length of a sequence.
///
/// In: the trained rotary embedding ([RopeBase]) and a [FrequencyPolicy]. Out: the [RopeTable] in
/// force at a length, and the [FrequencySchedule] that says which table each position uses. Not
/// here: rotating vectors (module `kernels`), visibility (package `attention`). Start at
/// [FrequencyPolicy]. One page per method: `docs/methods/`.
@NullMarked
package dev.farspan.context.rope;

import org.jspecify.annotations.NullMarked;
