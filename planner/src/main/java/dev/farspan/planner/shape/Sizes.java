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
  /// @throws IllegalArgumentException if they leave nothing
  public static Sizes ofParameters(long parameters, Sizes others) {
    long attention = 2L * others.hidden * others.headDim * ((long) others.heads + others.kvHeads);
    long left = parameters - 2L * others.vocab * others.hidden - attention * others.layers;
    long intermediate = left / (3L * others.hidden * others.layers);
    if (intermediate < 1 || intermediate > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%d parameters do not make a model of these sizes: its embeddings and attention alone have %d"
              .formatted(parameters, parameters - left));
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
