package dev.farspan.formats.hf;

import dev.farspan.context.lint.Findings;
import dev.farspan.context.lint.RopeFacts;
import dev.farspan.context.lint.RopeLinter;
import dev.farspan.context.lint.RopeReading;
import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.NormConfig;
import dev.farspan.context.model.NormConfig.Kind;
import dev.farspan.context.model.NormConfig.Placement;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the shape of a model from the settings of its configuration.
///
/// Source of every rule: transformers 5.23 `models/*/configuration_*.py` and `modeling_*.py`.
final class HfReader {
  private static final String GEMMA3 = "gemma3";
  private static final String TEXT = "text_config";

  private final String family;
  private final Settings config;
  private final Findings findings;

  private HfReader(String family, Settings config, Findings findings) {
    this.family = family;
    this.config = config;
    this.findings = findings;
  }

  static HfReader of(JsonNode root, String file, Findings findings) {
    Map<String, @Nullable Object> values = JsonData.object(root);
    String family = text(values, "model_type", file);
    if (family.equals(GEMMA3)) { // with a vision tower: the text model stands inside
      if (!root.path(TEXT).isObject()) {
        throw new FormatException(file, "is a gemma3 configuration without text_config");
      }
      values = JsonData.object(root.path(TEXT));
      family = "gemma3_text";
    }
    if (!HfDefaults.knows(family)) {
      throw new FormatException(
          file,
          "has model_type %s, which is not supported; known: %s, %s"
              .formatted(Names.quote(family), HfDefaults.known(), GEMMA3));
    }
    Settings config = Settings.of(values, HfDefaults.of(family), findings);
    return new HfReader(family, config, findings);
  }

  private static String text(Map<String, @Nullable Object> values, String key, String file) {
    if (values.get(key) instanceof String text) {
      return text;
    }
    throw new FormatException(file, "has no " + key + " that names the model's family");
  }

  ModelConfig model() {
    int hidden = config.requiredCount("hidden_size");
    int maxLength = config.requiredCount("max_position_embeddings");
    if (!config.has("max_position_embeddings")) {
      config.warn("max_position_embeddings", "is missing; transformers takes " + maxLength);
    }
    int headDim = headDim(hidden);
    if (headDim % 2 != 0) {
      config.error("head_dim", "is " + headDim + " but must be even, because RoPE rotates pairs");
    }
    HfLayers layers = HfLayers.read(config, family);
    RopeFacts facts = new RopeFacts(family, headDim, maxLength, layers.types());
    RopeReading ropes = RopeLinter.read(config, facts, findings);
    AttentionConfig attention = attention(headDim);
    ModelConfig model =
        new ModelConfig(
            family,
            config.requiredCount("vocab_size"),
            hidden,
            ropes.claimedLength(),
            attention,
            HfFeedForward.read(config, family),
            norm(),
            multipliers(hidden),
            ropes.ropes(),
            layers.configs(ropes),
            config.flag("tie_word_embeddings", false),
            HfMemory.read(config));
    RopeLinter.flagUnread(config);
    String noted = config.text(HfConfig.NOTED, "");
    if (!noted.isEmpty()) {
      config.warn(
          HfConfig.NOTED,
          "is '" + noted + "', which the file can't express: give it with --method");
    }
    return model;
  }

  private int headDim(int hidden) {
    int heads = config.requiredCount("num_attention_heads");
    boolean given = config.has("head_dim");
    int derived = hidden / heads;
    if (family.equals("gpt_neox")) {
      if (given && config.count("head_dim").orElse(derived) != derived) {
        config.error("head_dim", "is not hidden_size / num_attention_heads = " + derived);
      }
      return derived;
    }
    if (config.names("head_dim") && !given) {
      config.warn(
          "head_dim",
          "is null and taken as hidden_size / num_attention_heads = "
              + derived
              + "; some versions of transformers fail on it");
      return derived;
    }
    if (config.count("head_dim").isEmpty() && hidden % heads != 0) {
      config.error(
          "head_dim",
          "is missing and hidden_size=%d is not a multiple of num_attention_heads=%d"
              .formatted(hidden, heads));
    }
    return config.count("head_dim").orElse(Math.max(1, derived));
  }

  private AttentionConfig attention(int headDim) {
    int heads = config.requiredCount("num_attention_heads");
    int kvHeads = config.count("num_key_value_heads").orElse(heads);
    if (family.equals("gpt_neox") && kvHeads != heads) {
      config.warn("num_key_value_heads", "is ignored, as in transformers' gpt_neox");
      kvHeads = heads;
    }
    QkNorm qkNorm =
        switch (family) {
          case "qwen3", "qwen3_moe", "gemma3_text" -> QkNorm.PER_HEAD;
          case "olmo2" -> QkNorm.ALL_HEADS;
          default -> QkNorm.NONE;
        };
    double softCap = family.startsWith("gemma") ? config.number("attn_logit_softcapping", 0) : 0;
    return new AttentionConfig(
        heads, kvHeads, headDim, scale(headDim), softCap, qkNorm, family.equals("gpt_oss"));
  }

  private double scale(int headDim) {
    if (family.equals("granite")) {
      return config.number("attention_multiplier", 1);
    }
    if (family.startsWith("gemma")) {
      return 1 / Math.sqrt(config.number("query_pre_attn_scalar", headDim));
    }
    return 1 / Math.sqrt(headDim);
  }

  private NormConfig norm() {
    return switch (family) {
      case "gpt_neox" ->
          new NormConfig(
              Kind.LAYER,
              config.flag("use_parallel_residual", true) ? Placement.PARALLEL : Placement.PRE,
              config.number("layer_norm_eps", 1e-5));
      case "gemma2", "gemma3_text" -> rms(Placement.PRE_AND_POST);
      case "olmo2" -> rms(Placement.POST);
      default -> rms(Placement.PRE);
    };
  }

  private NormConfig rms(Placement placement) {
    return new NormConfig(Kind.RMS, placement, config.number("rms_norm_eps", 1e-6));
  }

  private Multipliers multipliers(int hidden) {
    return switch (family) {
      case "gemma2", "gemma3_text" ->
          new Multipliers(Math.sqrt(hidden), 1, 1, config.number("final_logit_softcapping", 0));
      case "granite" ->
          new Multipliers(
              config.number("embedding_multiplier", 1),
              config.number("residual_multiplier", 1),
              1 / positive("logits_scaling"),
              0);
      default -> Multipliers.NONE;
    };
  }

  private double positive(String key) {
    double value = config.number(key, 1);
    if (!(value > 0)) {
      config.error(key, "is " + value + " but must be positive");
      return 1;
    }
    return value;
  }
}
