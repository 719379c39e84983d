package dev.farspan.runtime.weights;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All parameters of a model.
///
/// @param embedding (vocab, hidden)
/// @param layers one entry per layer
/// @param finalNorm on the last residual stream
/// @param head logits (vocab, hidden); the embedding itself where they are tied
/// @param memoryTokens (tokens, hidden): what is read after a segment, of a model with memory
///   tokens
public record Weights(
    Tensor embedding,
    List<LayerWeights> layers,
    Norm finalNorm,
    Linear head,
    Optional<Tensor> memoryTokens) {
  /// What a Hugging Face checkpoint calls the embeddings of its memory tokens.
  public static final String MEMORY_TOKENS = "farspan.memory_tokens.weight";

  /// Copies the list.
  public Weights {
    layers = List.copyOf(layers);
  }

  /// How a file names its tensors.
  public enum Naming {
    /// `model.layers.0.self_attn.q_proj.weight`.
    HUGGING_FACE,
    /// `blk.0.attn_q.weight`.
    GGUF
  }

  /// Returns the parameters of an open model.
  ///
  /// @param checkpoint the model; the parameters live as long as it is open
  /// @return the parameters
  /// @throws IllegalArgumentException if a tensor is missing or has the wrong shape
  public static Weights of(Checkpoint checkpoint) {
    Naming naming =
        switch (checkpoint.layout()) {
          case HUGGING_FACE -> Naming.HUGGING_FACE;
          case GGUF -> Naming.GGUF;
        };
    return load(checkpoint.config(), naming, checkpoint.tensors());
  }

  /// Returns the parameters of a model.
  ///
  /// @param config the model's shape
  /// @param naming how the file names its tensors
  /// @param tensors every tensor of the file by name
  /// @return the parameters
  /// @throws IllegalArgumentException naming the tensor, if one is missing, has another shape than
  ///   the configuration says, or is left over
  public static Weights load(ModelConfig config, Naming naming, Map<String, Tensor> tensors) {
    TensorSource source = new TensorSource(tensors);
    Weights weights =
        switch (naming) {
          case HUGGING_FACE -> new HuggingFaceWeights(config, source).load();
          case GGUF -> new GgufWeights(config, source).load();
        };
    source.requireAllRead();
    return weights;
  }
}
