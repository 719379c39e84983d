package dev.farspan.planner.shape;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.util.Collection;

/// A model as the planner sees it: its shape and the size of its weights.
///
/// @param name what to call it
/// @param config its shape
/// @param matrices elements of its matrices
/// @param parameters all of its parameters
/// @param weightBytes what its weights take, in a file and mapped
/// @param weightTypes what they are stored as, in words
public record ModelShape(
    String name,
    ModelConfig config,
    MatrixCount matrices,
    long parameters,
    long weightBytes,
    String weightTypes) {

  /// Returns a model of which only the configuration is known.
  ///
  /// @param name what to call it
  /// @param config its shape
  /// @param type what its weights are to be stored as
  /// @return the shape; norms and biases are not counted
  public static ModelShape ofConfig(String name, ModelConfig config, DType type) {
    MatrixCount matrices = MatrixCount.of(config);
    return new ModelShape(
        name,
        config,
        matrices,
        matrices.parameters(),
        bytes(matrices.parameters(), type),
        type.name());
  }

  /// Returns a model whose tensors are known.
  ///
  /// @param name what to call it
  /// @param config its shape
  /// @param tensors all of its weights
  /// @return the shape
  public static ModelShape ofTensors(String name, ModelConfig config, Collection<Tensor> tensors) {
    long parameters = tensors.stream().mapToLong(t -> t.shape().elements()).sum();
    long bytes = tensors.stream().mapToLong(t -> t.dtype().bytes(t.shape().elements())).sum();
    return new ModelShape(
        name, config, MatrixCount.of(config), parameters, bytes, TypeShares.describe(tensors));
  }

  /// Returns the same model with a stated number of parameters, stored as one type.
  ///
  /// @param stated what its maker says
  /// @param type what its weights are to be stored as
  /// @return the shape
  public ModelShape withParameters(long stated, DType type) {
    return new ModelShape(name, config, matrices, stated, bytes(stated, type), type.name());
  }

  /// Returns what the same weights would take in another type.
  ///
  /// @param type the type
  /// @return bytes, to the block
  public long weightBytes(DType type) {
    return bytes(parameters, type);
  }

  private static long bytes(long elements, DType type) {
    long whole = Math.ceilDiv(elements, (long) type.blockSize()) * type.blockSize();
    return type.bytes(whole);
  }

  /// Returns the same model as if every query head had a key/value head of its own.
  ///
  /// @return multi-head attention; the sizes of the weights stay
  public ModelShape asMultiHead() {
    AttentionConfig heads = config.attention();
    AttentionConfig all =
        new AttentionConfig(
            heads.heads(),
            heads.heads(),
            heads.headDim(),
            heads.scale(),
            heads.softCap(),
            heads.qkNorm(),
            heads.sinks());
    ModelConfig multi =
        new ModelConfig(
            config.family(),
            config.vocabSize(),
            config.hiddenSize(),
            config.maxLength(),
            all,
            config.feedForward(),
            config.norm(),
            config.multipliers(),
            config.ropes(),
            config.layers(),
            config.tiedEmbeddings(),
            config.memory());
    return new ModelShape(name, multi, matrices, parameters, weightBytes, weightTypes);
  }
}
