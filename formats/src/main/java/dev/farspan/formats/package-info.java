/// What every model file has in common: named tensors, and one exception for a file that is not
/// what it should be.
///
/// In: paths. Out: [TensorSource], a memory-mapped file full of tensor views. Not here: what the
/// tensors mean (`runtime`).
package dev.farspan.formats;
