package dev.farspan.training.recipe;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The shape of a model that is trained from nothing: Llama's, with tied embeddings.
///
/// @param vocab tokens of its byte-level vocabulary
/// @param sizes widths and counts
/// @param length positions it is trained for
/// @param theta base of its rotary embedding
public record Scratch(int vocab, Sizes sizes, int length, double theta) {
  /// Widths and counts of a model.
  ///
  /// @param hidden elements of the residual stream
  /// @param intermediate elements inside the feed-forward block
  /// @param layers how many
  /// @param heads query heads
  /// @param kvHeads key/value heads
  public record Sizes(int hidden, int intermediate, int layers, int heads, int kvHeads) {}

  static Scratch read(Settings settings) {
    return new Scratch(
        settings.count("scratch.vocab"),
        new Sizes(
            settings.count("scratch.hidden"),
            settings.count("scratch.intermediate"),
            settings.count("scratch.layers"),
            settings.count("scratch.heads"),
            settings.count("scratch.kv-heads")),
        settings.count("scratch.length"),
        settings.number("scratch.theta"));
  }

  /// Returns the model's `config.json`.
  String configJson() {
    if (sizes.heads() < 1 || sizes.hidden() % sizes.heads() != 0) {
      throw new IllegalArgumentException(
          "scratch.hidden=%d is not a multiple of scratch.heads=%d"
              .formatted(sizes.hidden(), sizes.heads()));
    }
    ObjectNode config = JsonMapper.shared().createObjectNode();
    config.putArray("architectures").add("LlamaForCausalLM");
    config.put("model_type", "llama").put("vocab_size", vocab);
    config.put("hidden_size", sizes.hidden()).put("intermediate_size", sizes.intermediate());
    config.put("num_hidden_layers", sizes.layers()).put("num_attention_heads", sizes.heads());
    config.put("num_key_value_heads", sizes.kvHeads());
    config.put("head_dim", sizes.hidden() / sizes.heads());
    config.put("max_position_embeddings", length).put("rope_theta", theta);
    config.put("rms_norm_eps", 1e-5).put("hidden_act", "silu");
    config.put("tie_word_embeddings", true).put("attention_bias", false).put("mlp_bias", false);
    config.put("bos_token_id", 0).put("eos_token_id", 0);
    return config.toPrettyString() + "\n";
  }
}
