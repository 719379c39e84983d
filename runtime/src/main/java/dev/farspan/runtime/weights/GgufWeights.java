package dev.farspan.runtime.weights;

import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.NormConfig;
import dev.farspan.runtime.weights.LayerWeights.AttentionWeights;
import dev.farspan.runtime.weights.LayerWeights.LayerNorms;
import dev.farspan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// GGUF names (llama.cpp `gguf-py/gguf/constants.py`) to the decoder's.
///
/// Gemma's gains already have their one added by the converter.
final class GgufWeights {
  private final ModelConfig config;
  private final TensorSource source;
  private final int hidden;

  GgufWeights(ModelConfig config, TensorSource source) {
    this.config = config;
    this.source = source;
    this.hidden = config.hiddenSize();
  }

  Weights load() {
    Tensor embedding = source.tensor("token_embd.weight", config.vocabSize(), hidden);
    List<LayerWeights> layers = new ArrayList<>();
    for (int l = 0; l < config.layers().size(); l++) {
      layers.add(layer("blk." + l + "."));
    }
    return new Weights(
        embedding, layers, norm("output_norm", hidden), head(embedding), Optional.empty());
  }

  private Linear head(Tensor embedding) {
    return source.has("output.weight")
        ? source.linear("output", config.vocabSize(), hidden)
        : Linear.withoutBias(embedding);
  }

  private LayerWeights layer(String blk) {
    return new LayerWeights(attention(blk), norms(blk), feedForward(blk));
  }

  private LayerNorms norms(String blk) {
    return switch (config.norm().placement()) {
      case PRE, PARALLEL ->
          new LayerNorms(
              norm(blk + "attn_norm", hidden),
              Norm.ABSENT,
              // gpt-oss calls the norm before feed-forward after what it follows.
              norm(
                  blk + (source.has(blk + "ffn_norm.weight") ? "ffn_norm" : "post_attention_norm"),
                  hidden),
              Norm.ABSENT);
      case PRE_AND_POST ->
          new LayerNorms(
              norm(blk + "attn_norm", hidden),
              norm(blk + "post_attention_norm", hidden),
              norm(blk + "ffn_norm", hidden),
              norm(blk + "post_ffw_norm", hidden));
      case POST ->
          new LayerNorms(
              Norm.ABSENT,
              norm(blk + "post_attention_norm", hidden),
              Norm.ABSENT,
              norm(blk + "post_ffw_norm", hidden));
    };
  }

  private Norm norm(String name, int size) {
    boolean layerNorm = config.norm().kind() == NormConfig.Kind.LAYER;
    return new Norm(
        source.vector(name + ".weight", size),
        layerNorm ? source.vector(name + ".bias", size) : new float[0]);
  }

  private AttentionWeights attention(String blk) {
    return new AttentionLoader(config.attention(), hidden, source, this::norm)
        .read(
            new AttentionLoader.Names(
                blk + "attn_qkv",
                new AttentionLoader.Projections(blk + "attn_q", blk + "attn_k", blk + "attn_v"),
                blk + "attn_output",
                new AttentionLoader.ExtraNames(
                    blk + "attn_q_norm", blk + "attn_k_norm", blk + "attn_sinks.weight")));
  }

  private FeedForwardWeights feedForward(String blk) {
    return switch (config.feedForward()) {
      case FeedForward.Dense dense -> dense(blk, dense);
      case FeedForward.Experts experts -> experts(blk, experts);
    };
  }

  private FeedForwardWeights dense(String blk, FeedForward.Dense dense) {
    int size = dense.intermediateSize();
    Linear down = source.linear(blk + "ffn_down", hidden, size);
    if (!dense.gated()) {
      return new FeedForwardWeights.Plain(source.linear(blk + "ffn_up", size, hidden), down);
    }
    if (!source.has(blk + "ffn_gate.weight")) { // Phi-3: gate and up in one
      Linear fused = source.linear(blk + "ffn_up", 2L * size, hidden);
      return new FeedForwardWeights.Gated(
          Rows.slice(fused, 0, size), Rows.slice(fused, size, 2 * size), down);
    }
    return new FeedForwardWeights.Gated(
        source.linear(blk + "ffn_gate", size, hidden),
        source.linear(blk + "ffn_up", size, hidden),
        down);
  }

  private FeedForwardWeights experts(String blk, FeedForward.Experts experts) {
    int n = experts.experts();
    int size = experts.intermediateSize();
    List<FeedForwardWeights.Gated> networks = new ArrayList<>();
    for (int e = 0; e < n; e++) {
      networks.add(
          new FeedForwardWeights.Gated(
              expert(blk + "ffn_gate_exps", e, n, size, hidden),
              expert(blk + "ffn_up_exps", e, n, size, hidden),
              expert(blk + "ffn_down_exps", e, n, hidden, size)));
    }
    return new FeedForwardWeights.Routed(source.linear(blk + "ffn_gate_inp", n, hidden), networks);
  }

  private Linear expert(String stem, int index, int experts, int outputs, int inputs) {
    Tensor weight = source.tensor(stem + ".weight", experts, outputs, inputs).slice(index);
    String bias = stem + ".bias";
    return source.has(bias)
        ? new Linear(weight, source.tensor(bias, experts, outputs).slice(index).toFloats())
        : Linear.withoutBias(weight);
  }
}
