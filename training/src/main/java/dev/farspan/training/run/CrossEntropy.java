package dev.farspan.training.run;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/// The loss of predictions.
final class CrossEntropy {
  private static final long EACH = 0; // at::Reduction::None
  private static final long IGNORED = -100; // libtorch's default; no target is negative here

  private CrossEntropy() {}

  /// Returns the weighted losses' sum over the weight of the whole step.
  ///
  /// @param logits (rows, tokens, vocabulary)
  /// @param targets (rows, tokens)
  /// @param weights (rows, tokens): how much each prediction counts
  /// @param total of the step's weights
  static Tensor sum(Tensor logits, Tensor targets, Tensor weights, double total) {
    Tensor each =
        cross_entropy_loss(
            logits.reshape(-1, logits.size(2)),
            targets.reshape(-1),
            new TensorOptional(),
            EACH,
            IGNORED,
            0);
    return each.mul(weights.reshape(-1)).sum().mul(new Scalar(1 / total));
  }
}
