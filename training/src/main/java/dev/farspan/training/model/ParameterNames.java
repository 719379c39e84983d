package dev.farspan.training.model;

import dev.farspan.context.model.NormConfig;

/// What a Hugging Face checkpoint calls its tensors.
final class ParameterNames {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String FINAL_NORM = "model.norm";
  static final String HEAD = "lm_head.weight";

  private ParameterNames() {}

  /// Names of the norms of a layer; empty where its placement has none.
  record Norms(
      String beforeAttention,
      String afterAttention,
      String beforeFeedForward,
      String afterFeedForward) {}

  static String layer(int index) {
    return "model.layers." + index + ".";
  }

  static Norms norms(NormConfig.Placement placement) {
    return switch (placement) {
      case PRE, PARALLEL -> new Norms("input_layernorm", "", "post_attention_layernorm", "");
      case PRE_AND_POST ->
          new Norms(
              "input_layernorm",
              "post_attention_layernorm",
              "pre_feedforward_layernorm",
              "post_feedforward_layernorm");
      case POST -> new Norms("", "post_attention_layernorm", "", "post_feedforward_layernorm");
    };
  }
}
