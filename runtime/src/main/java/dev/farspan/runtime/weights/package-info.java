/// The tensors of a checkpoint under the names the decoder uses, whatever the file calls them.
///
/// In: a model's configuration and its tensors by file name. Out: [Weights], matrices still as the
/// file stores them (nothing is converted or copied but what a family stores interleaved), vectors
/// as floats. Start at [Weights#load].
@NullMarked
package dev.farspan.runtime.weights;

import org.jspecify.annotations.NullMarked;
