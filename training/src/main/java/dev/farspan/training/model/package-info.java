/// The decoder under automatic differentiation: the same data-driven model as the engine's, its
/// parameters and arithmetic libtorch's.
///
/// In: a configuration and the weights the engine loads. Out: logits with gradients, and the
/// parameters again under the names of a Hugging Face checkpoint. Start at [TorchModel].
package dev.farspan.training.model;
