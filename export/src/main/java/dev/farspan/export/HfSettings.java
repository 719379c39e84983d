package dev.farspan.export;

import dev.farspan.context.lint.RopeFacts;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The `config.json` of a model that comes from a GGUF file, but for its rotary embeddings.
///
/// Source: transformers 5.23 `models/*/configuration_*.py`.
final class HfSettings {
  private static final String BIAS = ".bias";

  private final ModelConfig model;
  private final Family family;
  private final Set<String> tensors;
  private final Map<String, Object> settings = new LinkedHashMap<>();

  private HfSettings(ModelConfig model, Family family, Set<String> tensors) {
    this.model = model;
    this.family = family;
    this.tensors = tensors;
  }

  /// Returns the settings.
  ///
  /// @param tensors names of the file's tensors
  static Map<String, Object> of(ModelConfig model, Family family, Set<String> tensors) {
    HfSettings settings = new HfSettings(model, family, tensors);
    settings.putSizes();
    settings.putBiases();
    settings.putOwn();
    return settings.settings;
  }

  private void put(String key, Object value) {
    settings.put(key, value);
  }

  /// The shortest number that 32 bits round to the same: what the file's author wrote.
  private void putReal(String key, double value) {
    put(key, Double.parseDouble(Float.toString((float) value)));
  }

  private void putSizes() {
    AttentionConfig attention = model.attention();
    put("architectures", List.of(family.className()));
    put("model_type", family.modelType());
    put("vocab_size", model.vocabSize());
    put("hidden_size", model.hiddenSize());
    if (model.feedForward() instanceof FeedForward.Dense dense) {
      put("intermediate_size", dense.intermediateSize());
    }
    put("num_hidden_layers", model.layers().size());
    put("num_attention_heads", attention.heads());
    put("num_key_value_heads", attention.kvHeads());
    put("head_dim", attention.headDim());
    int rotaryDim = model.mainRope().base().rotaryDim();
    if (rotaryDim != attention.headDim()) {
      put("partial_rotary_factor", (double) rotaryDim / attention.headDim());
    }
    putReal("rms_norm_eps", model.norm().epsilon());
    put("tie_word_embeddings", model.tiedEmbeddings());
    if (family.shiftsGains()) {
      put("hidden_activation", "gelu_pytorch_tanh");
    } else {
      put("hidden_act", "silu");
    }
  }

  /// transformers has biases by flags: all of a block or none.
  private void putBiases() {
    boolean queries = has("attn_q");
    boolean output = has("attn_output");
    boolean mlp = has("ffn_gate") || has("ffn_up") || has("ffn_down");
    switch (family) {
      case QWEN2 -> require(queries && !output && !mlp);
      case PHI3 -> require(!has("attn_qkv") && !output && !mlp);
      case LLAMA, MISTRAL, GRANITE, SMOLLM3 -> {
        require(queries == output);
        put("attention_bias", queries);
        put("mlp_bias", mlp);
      }
      case QWEN3, GEMMA2, GEMMA3, OLMO2 -> {
        require(queries == output && !mlp);
        put("attention_bias", queries);
      }
    }
  }

  private boolean has(String part) {
    return tensors.contains("blk.0." + part + BIAS);
  }

  private void require(boolean expressible) {
    if (!expressible) {
      throw new IllegalArgumentException(
          "the file has biases where transformers' %s has none; export it as gguf"
              .formatted(family.className()));
    }
  }

  private void putOwn() {
    Multipliers multipliers = model.multipliers();
    switch (family) {
      case GEMMA2, GEMMA3 -> putGemma();
      case GRANITE -> {
        putReal("embedding_multiplier", multipliers.embedding());
        putReal("residual_multiplier", multipliers.residual());
        putReal("logits_scaling", 1 / multipliers.logits());
        putReal("attention_multiplier", model.attention().scale());
      }
      case SMOLLM3 ->
          put(
              "no_rope_layers",
              model.layers().stream().map(l -> l.rope() == LayerConfig.NO_ROPE ? 0 : 1).toList());
      case QWEN2, QWEN3 -> put("use_sliding_window", false);
      case LLAMA, MISTRAL, OLMO2, PHI3 -> {}
    }
  }

  private void putGemma() {
    AttentionConfig attention = model.attention();
    // transformers 5 takes a whole number only; the file has a square root's 32 bits of it.
    put("query_pre_attn_scalar", Math.round(1 / (attention.scale() * attention.scale())));
    if (family == Family.GEMMA2) {
      putReal("attn_logit_softcapping", attention.softCap());
    }
    if (model.multipliers().logitSoftCap() != 0) {
      putReal("final_logit_softcapping", model.multipliers().logitSoftCap());
    }
    model.layers().stream()
        .map(LayerConfig::window)
        .filter(window -> window != LayerConfig.FULL)
        .findFirst()
        .ifPresent(window -> put("sliding_window", window));
    put(
        "layer_types",
        model.layers().stream()
            .map(l -> l.window() == LayerConfig.FULL ? RopeFacts.FULL : RopeFacts.SLIDING)
            .toList());
  }
}
