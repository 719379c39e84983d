package dev.farspan.context.model;

/// The feed-forward block of a layer.
public sealed interface FeedForward {

  /// One network for every token.
  ///
  /// @param intermediateSize elements of its hidden layer
  /// @param activation the non-linearity
  /// @param gated whether it is `down(act(gate(x)) * up(x))`; else `down(act(up(x)))`
  record Dense(int intermediateSize, Activation activation, boolean gated) implements FeedForward {
    /// Checks the size.
    public Dense {
      ModelConfig.requirePositive("intermediate_size", intermediateSize);
    }
  }

  /// Gated networks of which each token uses a few (mixture of experts).
  ///
  /// @param experts how many there are
  /// @param expertsPerToken how many a token uses
  /// @param intermediateSize elements of an expert's hidden layer
  /// @param routing how the weights of the chosen ones are found
  /// @param gate how an expert combines its two projections
  record Experts(
      int experts, int expertsPerToken, int intermediateSize, Routing routing, ExpertGate gate)
      implements FeedForward {
    /// Checks the counts.
    public Experts {
      ModelConfig.requirePositive("num_experts", experts);
      ModelConfig.requirePositive("num_experts_per_tok", expertsPerToken);
      ModelConfig.requirePositive("moe_intermediate_size", intermediateSize);
      if (expertsPerToken > experts) {
        throw new IllegalArgumentException(
            "num_experts_per_tok=" + expertsPerToken + " is more than num_experts=" + experts);
      }
    }
  }

  /// The non-linearity of a feed-forward block.
  enum Activation {
    /// `x * sigmoid(x)`.
    SILU,
    /// GELU by the error function.
    GELU,
    /// GELU by its tanh approximation.
    GELU_TANH
  }

  /// How the weights of the chosen experts are found from the router's logits.
  enum Routing {
    /// Softmax over the chosen ones only: they sum to 1 (Mixtral, gpt-oss, Qwen3-MoE with
    /// `norm_topk_prob`).
    NORMALISED,
    /// Softmax over all, then the chosen ones as they are (Qwen3-MoE without `norm_topk_prob`).
    SOFTMAX_OF_ALL
  }

  /// How an expert combines its gate and up projections.
  sealed interface ExpertGate {
    /// `silu(gate) * up`.
    record Silu() implements ExpertGate {}

    /// gpt-oss: both clamped, then `gate * sigmoid(alpha * gate) * (up + 1)`; with biases.
    ///
    /// @param alpha factor inside the sigmoid (1.702 in transformers `modeling_gpt_oss.py`)
    /// @param limit bound of the clamp (`swiglu_limit`)
    record ClampedSwiglu(double alpha, double limit) implements ExpertGate {}
  }
}
