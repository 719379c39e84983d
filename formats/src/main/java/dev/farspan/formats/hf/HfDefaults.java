package dev.farspan.formats.hf;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// The families there are, and what transformers assumes for a key that a file leaves out.
///
/// Source: the class defaults in transformers 5.23 `models/*/configuration_*.py`. Published files
/// rely on them: that of Gemma 3 4B states neither heads nor vocabulary.
final class HfDefaults {
  private static final Map<String, Map<String, Object>> BY_FAMILY = new TreeMap<>();

  static {
    add("llama", sizes(32000, 4096, 11008, 32, 32), Map.of("max_position_embeddings", 2048));
    add(
        "mistral",
        sizes(32000, 4096, 14336, 32, 32),
        Map.of(
            "num_key_value_heads", 8, "max_position_embeddings", 131072, "sliding_window", 4096));
    add(
        "qwen2",
        sizes(151936, 4096, 22016, 32, 32),
        Map.of(
            "num_key_value_heads", 32,
            "max_position_embeddings", 32768,
            "sliding_window", 4096,
            "max_window_layers", 28));
    add(
        "qwen3",
        sizes(151936, 4096, 22016, 32, 32),
        Map.of(
            "num_key_value_heads", 32,
            "head_dim", 128,
            "max_position_embeddings", 32768,
            "sliding_window", 4096,
            "max_window_layers", 28));
    add(
        "gemma2",
        gemma(256000),
        Map.of(
            "max_position_embeddings", 8192,
            "final_logit_softcapping", 30.0,
            "attn_logit_softcapping", 50.0));
    add("gemma3_text", gemma(262208), Map.of("max_position_embeddings", 131072));
    add(
        "phi3",
        sizes(32064, 3072, 8192, 32, 32),
        Map.of("max_position_embeddings", 4096, "rms_norm_eps", 1e-5));
    add(
        "smollm3",
        sizes(128256, 2048, 11008, 36, 16),
        Map.of(
            "num_key_value_heads", 4,
            "max_position_embeddings", 32768,
            "no_rope_layer_interval", 4,
            "tie_word_embeddings", true));
    add("granite", sizes(32000, 4096, 11008, 32, 32), Map.of("max_position_embeddings", 2048));
    add(
        "olmo2",
        sizes(50304, 4096, 11008, 32, 32),
        Map.of("max_position_embeddings", 2048, "rms_norm_eps", 1e-5));
    add(
        "mixtral",
        sizes(32000, 4096, 14336, 32, 32),
        Map.of(
            "num_key_value_heads", 8,
            "max_position_embeddings", 131072,
            "rms_norm_eps", 1e-5,
            "num_experts_per_tok", 2,
            "num_local_experts", 8));
    add(
        "qwen3_moe",
        sizes(151936, 2048, 6144, 24, 32),
        Map.of(
            "num_key_value_heads", 4,
            "max_position_embeddings", 32768,
            "sliding_window", 4096,
            "moe_intermediate_size", 768,
            "num_experts_per_tok", 8,
            "num_experts", 128));
    add(
        "gpt_oss",
        sizes(201088, 2880, 2880, 36, 64),
        Map.of(
            "num_key_value_heads", 8,
            "head_dim", 64,
            "max_position_embeddings", 131072,
            "rms_norm_eps", 1e-5,
            "sliding_window", 128,
            "num_experts_per_tok", 4,
            "num_local_experts", 128));
    add(
        "gpt_neox",
        sizes(50432, 6144, 24576, 44, 64),
        Map.of("max_position_embeddings", 2048, "layer_norm_eps", 1e-5, "hidden_act", "gelu"));
  }

  private HfDefaults() {}

  static boolean knows(String family) {
    return BY_FAMILY.containsKey(family);
  }

  static String known() {
    return String.join(", ", BY_FAMILY.keySet());
  }

  static Map<String, Object> of(String family) {
    return BY_FAMILY.getOrDefault(family, Map.of());
  }

  private static Map<String, Object> sizes(
      int vocabulary, int hidden, int intermediate, int layers, int heads) {
    return Map.of(
        "vocab_size", vocabulary,
        "hidden_size", hidden,
        "intermediate_size", intermediate,
        "num_hidden_layers", layers,
        "num_attention_heads", heads,
        "hidden_act", "silu",
        "rms_norm_eps", 1e-6);
  }

  private static Map<String, Object> gemma(int vocabulary) {
    Map<String, Object> all = new HashMap<>(sizes(vocabulary, 2304, 9216, 26, 8));
    all.putAll(
        Map.of(
            "num_key_value_heads", 4,
            "head_dim", 256,
            "hidden_activation", "gelu_pytorch_tanh",
            "query_pre_attn_scalar", 256,
            "sliding_window", 4096,
            "tie_word_embeddings", true));
    return all;
  }

  private static void add(String family, Map<String, Object> sizes, Map<String, Object> own) {
    Map<String, Object> all = new HashMap<>(sizes);
    all.putAll(own);
    BY_FAMILY.put(family, Map.copyOf(all));
  }
}
