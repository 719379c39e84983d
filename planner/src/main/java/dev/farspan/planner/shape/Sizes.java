package dev.farspan.planner.shape;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.NormConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import java.util.Collections;

/// The sizes of a Llama-like model, which are all that memory and time depend on.
///
/// @param layers how many
/// @param hidden elements of the residual stream
/// @param heads query heads
/// @param kvHeads key/value heads
/// @param headDim elements of a head
/// @param intermediate elements of the hidden layer of the gated feed-forward block
/// @param vocab rows of the embedding; input and output tables are two matrices
/// @param trainedLength tokens it was trained for
public record Sizes(
    int layers,
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    int intermediate,
    int vocab,
    int trainedLength) {
  private static final double EPSILON = 1e-5;
  private static final double THETA = 10_000; // changes no size

  /// Returns the feed-forward size that makes a model have a number of parameters.
  ///
  /// @param parameters all parameters of the model
  /// @param others the other sizes; their feed-forward size is not read
  /// @return the sizes with a feed-forward block that takes what attention and embeddings leave
  /// @throws IllegalArgumentException if they leave nothing, or all heads together are too wide
  public static Sizes ofParameters(long parameters, Sizes others) {
    if ((long) others.heads * others.headDim > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%d heads of %d elements are too many: all together have at most %d"
              .formatted(others.heads, others.headDim, Integer.MAX_VALUE));
    }
    // Products of four sizes may be beyond a long.
    double attention =
        2.0 * others.hidden * others.headDim * ((double) others.heads + others.kvHeads);
    double taken = 2.0 * others.vocab * others.hidden + attention * others.layers;
    double intermediate = Math.floor((parameters - taken) / (3.0 * others.hidden * others.layers));
    if (intermediate < 1 || intermediate > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%d parameters do not make a model of these sizes: its embeddings and attention alone have %.0f"
              .formatted(parameters, taken));
    }
    return new Sizes(
        others.layers,
        others.hidden,
        others.heads,
        others.kvHeads,
        others.headDim,
        (int) intermediate,
        others.vocab,
        others.trainedLength);
  }

  /// Returns a model of these sizes.
  ///
  /// @return a Llama: RMS norms, gated feed-forward, full attention in every layer
  /// @throws IllegalArgumentException if a size is not positive or the heads do not divide
  public ModelConfig config() {
    return new ModelConfig(
        "llama",
        vocab,
        hidden,
        trainedLength,
        new AttentionConfig(heads, kvHeads, headDim, 1 / Math.sqrt(headDim), 0, QkNorm.NONE, false),
        new FeedForward.Dense(intermediate, FeedForward.Activation.SILU, true),
        new NormConfig(NormConfig.Kind.RMS, NormConfig.Placement.PRE, EPSILON),
        Multipliers.NONE,
        Collections.singletonList(
            new RopeConfig(
                "all",
                new RopeBase(headDim, THETA, trainedLength),
                new FrequencyPolicy.None(),
                RopeConfig.Pairing.HALVES)),
        Collections.nCopies(layers, new LayerConfig(LayerConfig.FULL, 0)),
        false,
        TrainedMemory.NONE);
  }
}
