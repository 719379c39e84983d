package dev.farspan.runtime.weights;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.NormConfig;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.runtime.weights.LayerWeights.AttentionWeights;
import dev.farspan.runtime.weights.LayerWeights.Extras;
import dev.farspan.runtime.weights.LayerWeights.LayerNorms;
import dev.farspan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Hugging Face names (transformers `modeling_*.py`) to the decoder's.
final class HuggingFaceWeights {
  private final ModelConfig config;
  private final AttentionConfig attention;
  private final TensorSource source;
  private final int hidden;
  private final String stem;
  private final boolean neox;

  HuggingFaceWeights(ModelConfig config, TensorSource source) {
    this.config = config;
    this.attention = config.attention();
    this.source = source;
    this.hidden = config.hiddenSize();
    this.neox = source.has("gpt_neox.embed_in.weight");
    this.stem = neox ? "gpt_neox." : stem(source);
  }

  private static String stem(TensorSource source) {
    for (String stem : List.of("model.", "language_model.model.", "model.language_model.")) {
      if (source.has(stem + "embed_tokens.weight")) {
        return stem;
      }
    }
    return "model.";
  }

  Weights load() {
    Tensor embedding =
        source.tensor(
            stem + (neox ? "embed_in.weight" : "embed_tokens.weight"), config.vocabSize(), hidden);
    List<LayerWeights> layers = new ArrayList<>();
    for (int l = 0; l < config.layers().size(); l++) {
      layers.add(layer(stem + "layers." + l + "."));
    }
    Norm last = norm(stem + (neox ? "final_layer_norm" : "norm"), hidden);
    return new Weights(embedding, layers, last, head(embedding), memoryTokens());
  }

  private Optional<Tensor> memoryTokens() {
    return config.memory() instanceof TrainedMemory.Summaries summaries
        ? Optional.of(source.tensor(Weights.MEMORY_TOKENS, summaries.tokens(), hidden))
        : Optional.empty();
  }

  private Linear head(Tensor embedding) {
    String stem = neox ? "embed_out" : "lm_head";
    if (!config.tiedEmbeddings()) {
      return source.linear(stem, config.vocabSize(), hidden);
    }
    source.requireCopy(stem + ".weight", embedding); // some tied checkpoints saved it twice
    return Linear.withoutBias(embedding);
  }

  private LayerWeights layer(String layer) {
    return new LayerWeights(
        neox ? neoxAttention(layer + "attention.") : attention(layer + "self_attn."),
        norms(layer),
        feedForward(layer));
  }

  private LayerNorms norms(String layer) {
    return switch (config.norm().placement()) {
      case PRE, PARALLEL ->
          new LayerNorms(
              norm(layer + "input_layernorm", hidden),
              Norm.ABSENT,
              norm(layer + "post_attention_layernorm", hidden),
              Norm.ABSENT);
      case PRE_AND_POST ->
          new LayerNorms(
              norm(layer + "input_layernorm", hidden),
              norm(layer + "post_attention_layernorm", hidden),
              norm(layer + "pre_feedforward_layernorm", hidden),
              norm(layer + "post_feedforward_layernorm", hidden));
      case POST ->
          new LayerNorms(
              Norm.ABSENT,
              norm(layer + "post_attention_layernorm", hidden),
              Norm.ABSENT,
              norm(layer + "post_feedforward_layernorm", hidden));
    };
  }

  private Norm norm(String name, int size) {
    float[] weight = source.vector(name + ".weight", size);
    if (config.family().startsWith("gemma")) {
      // Gemma stores the gain minus one (transformers Gemma2RMSNorm).
      for (int i = 0; i < size; i++) {
        weight[i] += 1;
      }
    }
    boolean layerNorm = config.norm().kind() == NormConfig.Kind.LAYER;
    return new Norm(weight, layerNorm ? source.vector(name + ".bias", size) : new float[0]);
  }

  private AttentionWeights attention(String self) {
    return new AttentionLoader(attention, hidden, source, this::norm)
        .read(
            new AttentionLoader.Names(
                self + "qkv_proj",
                new AttentionLoader.Projections(self + "q_proj", self + "k_proj", self + "v_proj"),
                self + "o_proj",
                new AttentionLoader.ExtraNames(self + "q_norm", self + "k_norm", self + "sinks")));
  }

  /// GPT-NeoX stores query, key and value of one head after another.
  private AttentionWeights neoxAttention(String self) {
    int d = attention.headDim();
    int q = attention.querySize();
    Linear fused = source.linear(self + "query_key_value", 3L * q, hidden);
    return new AttentionWeights(
        Rows.gather(fused, q, r -> r / d * 3 * d + r % d),
        Rows.gather(fused, q, r -> r / d * 3 * d + d + r % d),
        Rows.gather(fused, q, r -> r / d * 3 * d + 2 * d + r % d),
        source.linear(self + "dense", hidden, q),
        new Extras(Norm.ABSENT, Norm.ABSENT, Norm.ABSENT));
  }

  private FeedForwardWeights feedForward(String layer) {
    return switch (config.feedForward()) {
      case FeedForward.Dense dense -> dense(layer + "mlp.", dense);
      case FeedForward.Experts experts -> experts(layer, experts);
    };
  }

  private FeedForwardWeights dense(String mlp, FeedForward.Dense dense) {
    int size = dense.intermediateSize();
    if (!dense.gated()) {
      return new FeedForwardWeights.Plain(
          source.linear(mlp + "dense_h_to_4h", size, hidden),
          source.linear(mlp + "dense_4h_to_h", hidden, size));
    }
    Linear down = source.linear(mlp + "down_proj", hidden, size);
    if (source.has(mlp + "gate_up_proj.weight")) {
      Linear fused = source.linear(mlp + "gate_up_proj", 2L * size, hidden);
      return new FeedForwardWeights.Gated(
          Rows.slice(fused, 0, size), Rows.slice(fused, size, 2 * size), down);
    }
    return gated(mlp, List.of("gate_proj", "up_proj", "down_proj"), size);
  }

  private FeedForwardWeights.Gated gated(String stem, List<String> names, int size) {
    return new FeedForwardWeights.Gated(
        source.linear(stem + names.get(0), size, hidden),
        source.linear(stem + names.get(1), size, hidden),
        source.linear(stem + names.get(2), hidden, size));
  }

  private FeedForwardWeights experts(String layer, FeedForward.Experts experts) {
    if (source.has(layer + "mlp.experts.gate_up_proj")) {
      return fusedExperts(layer + "mlp.", experts);
    }
    boolean mixtral = source.has(layer + "block_sparse_moe.gate.weight");
    String moe = layer + (mixtral ? "block_sparse_moe." : "mlp.");
    List<String> names =
        mixtral ? List.of("w1", "w3", "w2") : List.of("gate_proj", "up_proj", "down_proj");
    List<FeedForwardWeights.Gated> networks = new ArrayList<>();
    for (int e = 0; e < experts.experts(); e++) {
      networks.add(gated(moe + "experts." + e + ".", names, experts.intermediateSize()));
    }
    return new FeedForwardWeights.Routed(
        source.linear(moe + "gate", experts.experts(), hidden), networks);
  }

  /// gpt-oss stores all experts in one tensor, transposed, gate and up columns alternating.
  private FeedForwardWeights fusedExperts(String mlp, FeedForward.Experts experts) {
    int n = experts.experts();
    int size = experts.intermediateSize();
    Tensor gateUp = source.tensor(mlp + "experts.gate_up_proj", n, hidden, 2L * size);
    Tensor gateUpBias = source.tensor(mlp + "experts.gate_up_proj_bias", n, 2L * size);
    Tensor down = source.tensor(mlp + "experts.down_proj", n, size, hidden);
    Tensor downBias = source.tensor(mlp + "experts.down_proj_bias", n, hidden);
    List<FeedForwardWeights.Gated> networks = new ArrayList<>();
    for (int e = 0; e < n; e++) {
      float[] bias = gateUpBias.slice(e).toFloats();
      networks.add(
          new FeedForwardWeights.Gated(
              Rows.transposed(gateUp.slice(e), bias, 0, 2),
              Rows.transposed(gateUp.slice(e), bias, 1, 2),
              Rows.transposed(down.slice(e), downBias.slice(e).toFloats(), 0, 1)));
    }
    return new FeedForwardWeights.Routed(source.linear(mlp + "router", n, hidden), networks);
  }
}
