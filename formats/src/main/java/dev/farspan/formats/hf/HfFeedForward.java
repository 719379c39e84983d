package dev.farspan.formats.hf;

import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.FeedForward.Activation;
import dev.farspan.context.model.FeedForward.ExpertGate;
import dev.farspan.context.model.FeedForward.Routing;
import java.util.List;

/// Reads the feed-forward block of a model.
final class HfFeedForward {
  private HfFeedForward() {}

  static FeedForward read(Settings config, String family) {
    return switch (family) {
      case "mixtral" -> {
        requireSilu(config);
        yield experts(config, "intermediate_size", Routing.NORMALISED, new ExpertGate.Silu());
      }
      case "qwen3_moe" -> qwen3Moe(config);
      case "gpt_oss" ->
          experts(
              config,
              "intermediate_size",
              Routing.NORMALISED,
              // Defaults: transformers configuration_gpt_oss.py.
              new ExpertGate.ClampedSwiglu(
                  config.number("swiglu_alpha", 1.702), config.number("swiglu_limit", 7)));
      case "gpt_neox" ->
          new FeedForward.Dense(
              config.requiredCount("intermediate_size"), activation(config, "hidden_act"), false);
      case "gemma2", "gemma3_text" ->
          new FeedForward.Dense(
              config.requiredCount("intermediate_size"),
              activation(config, "hidden_activation"),
              true);
      default ->
          new FeedForward.Dense(
              config.requiredCount("intermediate_size"), activation(config, "hidden_act"), true);
    };
  }

  private static FeedForward qwen3Moe(Settings config) {
    requireSilu(config);
    if (!config.numbers("mlp_only_layers").orElse(List.of()).isEmpty()) {
      config.error("mlp_only_layers", "names layers without experts, which is not supported");
    }
    if (config.number("decoder_sparse_step", 1) != 1) {
      config.error("decoder_sparse_step", "makes some layers without experts; not supported");
    }
    return experts(
        config,
        "moe_intermediate_size",
        config.flag("norm_topk_prob", false) ? Routing.NORMALISED : Routing.SOFTMAX_OF_ALL,
        new ExpertGate.Silu());
  }

  /// Older files say `num_experts` where newer ones say `num_local_experts`.
  private static FeedForward experts(
      Settings config, String sizeKey, Routing routing, ExpertGate gate) {
    boolean both = config.has("num_local_experts") && config.has("num_experts");
    if (both && !config.count("num_local_experts").equals(config.count("num_experts"))) {
      config.error("num_local_experts", "differs from num_experts; keep one of them");
    }
    int experts =
        config.has("num_experts")
            ? config.requiredCount("num_experts")
            : config
                .count("num_local_experts")
                .orElseGet(() -> config.requiredCount("num_experts"));
    return new FeedForward.Experts(
        experts,
        config.requiredCount("num_experts_per_tok"),
        config.requiredCount(sizeKey),
        routing,
        gate);
  }

  private static void requireSilu(Settings config) {
    if (activation(config, "hidden_act") != Activation.SILU) {
      config.error("hidden_act", "is not silu, but experts are supported with silu only");
    }
  }

  /// Names: transformers `activations.py`.
  private static Activation activation(Settings config, String key) {
    if (config.names(key) && !config.has(key)) {
      config.error(key, "is null, but the family has no activation to fall back on; name it");
    }
    String name = config.text(key, "silu");
    return switch (name) {
      case "silu", "swish" -> Activation.SILU;
      case "gelu" -> Activation.GELU;
      case "gelu_pytorch_tanh", "gelu_new", "gelu_fast" -> Activation.GELU_TANH;
      default -> {
        config.error(
            key,
            "is '"
                + name
                + "', which is not supported; known: silu, swish, gelu, gelu_pytorch_tanh, gelu_new, gelu_fast");
        yield Activation.SILU;
      }
    };
  }
}
