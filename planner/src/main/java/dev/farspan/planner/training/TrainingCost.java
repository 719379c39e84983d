package dev.farspan.planner.training;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.planner.shape.MatrixCount;

/// The arithmetic of training at a length: `6 N + 12 L H d T` operations a token.
///
/// Forward and backward together are three times a forward of `2 N + 4 L H d T` (Kaplan et al.,
/// arXiv 2001.08361, section 2.1; PaLM, arXiv 2204.02311, appendix B; karpathy/nanoGPT `model.py`,
/// `estimate_mfu`). That counts the whole square of scores; kernels that skip its upper half do 6
/// in place of 12, which is what [Square#CAUSAL] says.
///
/// @param multiplied parameters that a token multiplies (N)
/// @param attention `L H d`
public record TrainingCost(long multiplied, long attention) {
  /// Which scores are computed.
  public enum Square {
    /// All, masked or not: the convention of published figures.
    FULL(12),
    /// Those that are seen.
    CAUSAL(6);

    private final int factor;

    Square(int factor) {
      this.factor = factor;
    }
  }

  /// Returns the cost of a model.
  ///
  /// @param config its shape; layers with a window of their own are counted as full ones
  /// @return the cost
  public static TrainingCost of(ModelConfig config) {
    return new TrainingCost(
        MatrixCount.of(config).multiplied(),
        (long) config.layers().size() * config.attention().querySize());
  }

  /// Returns the operations of one token apart from attention.
  ///
  /// @return `6 N`
  public double matrixFlops() {
    return 6.0 * multiplied;
  }

  /// Returns the operations of attention for one token.
  ///
  /// @param length tokens of a sequence (T)
  /// @param square which scores are computed
  /// @return `12 L H d T` or `6 L H d T`
  public double attentionFlops(int length, Square square) {
    return (double) square.factor * attention * length;
  }

  /// Returns the operations of one token.
  ///
  /// @param length tokens of a sequence
  /// @param square which scores are computed
  /// @return both parts
  public double tokenFlops(int length, Square square) {
    return matrixFlops() + attentionFlops(length, square);
  }

  /// Returns how much more one sequence of a length costs than one of another.
  ///
  /// @param from the shorter length
  /// @param to the longer length
  /// @param square which scores are computed
  /// @return the ratio, attention counted
  public double sequenceRatio(int from, int to, Square square) {
    return (double) to / from * tokenFlops(to, square) / tokenFlops(from, square);
  }

  /// Returns what training costs.
  ///
  /// @param tokens how many it reads
  /// @param length tokens of a sequence
  /// @param square which scores are computed
  /// @return operations
  public double flops(double tokens, int length, Square square) {
    return tokens * tokenFlops(length, square);
  }
}
