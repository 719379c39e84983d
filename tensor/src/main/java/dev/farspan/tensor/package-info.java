/// Typed, shaped views on memory and the block-quantised layouts they may hold.
///
/// In: memory that somebody else owns. Out: [Tensor] views, rows as floats. Not here: files
/// (`formats`), fast arithmetic (`kernels`). Start at [Tensor]; [Blocks] defines every layout.
package dev.farspan.tensor;
