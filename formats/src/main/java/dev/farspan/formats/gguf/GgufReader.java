package dev.farspan.formats.gguf;

import static dev.farspan.formats.gguf.GgufArchitecture.GEMMA2;
import static dev.farspan.formats.gguf.GgufArchitecture.GEMMA3;
import static dev.farspan.formats.gguf.GgufArchitecture.GPT_OSS;

import dev.farspan.context.lint.RopeReading;
import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.FeedForward.Activation;
import dev.farspan.context.model.FeedForward.ExpertGate;
import dev.farspan.context.model.FeedForward.Routing;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.NormConfig;
import dev.farspan.context.model.NormConfig.Kind;
import dev.farspan.context.model.NormConfig.Placement;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.formats.FormatException;
import java.util.List;

/// Reads the shape of a model from the keys of its architecture.
///
/// Source: the names are those of llama.cpp `gguf-py/gguf/constants.py`; what a file does not say,
/// such as activations, is what llama.cpp `src/llama-model.cpp` has for the architecture.
final class GgufReader {
  private static final String EMBEDDING = "token_embd.weight";

  /// Layers of the 27B models, whose scores are scaled by the model's width (`llama-model.cpp`).
  private static final int GEMMA2_27B = 46;

  private static final int GEMMA3_27B = 62;

  private final GgufFile file;
  private final GgufArchitecture architecture;
  private final Settings keys;

  /// @param keys the keys that start with the architecture's name, without it
  GgufReader(GgufFile file, GgufArchitecture architecture, Settings keys) {
    this.file = file;
    this.architecture = architecture;
    this.keys = keys;
  }

  ModelConfig model() {
    int hidden = keys.requiredCount("embedding_length");
    AttentionConfig attention = attention(hidden);
    GgufLayers layers = GgufLayers.read(keys, architecture);
    RopeReading ropes = GgufRope.read(file, architecture, keys, attention.headDim());
    ModelConfig model =
        new ModelConfig(
            architecture.id(),
            vocabulary(),
            hidden,
            ropes.claimedLength(),
            attention,
            feedForward(),
            norm(),
            multipliers(hidden),
            ropes.ropes(),
            layers.configs(ropes),
            !file.infos().containsKey("output.weight"),
            TrainedMemory.NONE);
    keys.unread().stream()
        .filter(key -> key.startsWith("rope."))
        .forEach(key -> keys.error(key, "is a RoPE key that nothing reads; remove it"));
    return model;
  }

  private int vocabulary() {
    GgufTensorInfo embedding = file.infos().get(EMBEDDING);
    if (embedding == null || embedding.shape().rank() != 2) {
      throw new FormatException(
          file.path().toString(), "has no tensor '" + EMBEDDING + "' of two extents");
    }
    return (int) Math.min(Integer.MAX_VALUE, embedding.shape().dim(0));
  }

  private AttentionConfig attention(int hidden) {
    int heads = uniform("attention.head_count", 0);
    int kvHeads = uniform("attention.head_count_kv", heads);
    int headDim = keys.count("attention.key_length").orElse(Math.max(1, hidden / heads));
    if (keys.count("attention.value_length").orElse(headDim) != headDim) {
      keys.error("attention.value_length", "differs from attention.key_length; not supported");
    }
    QkNorm qkNorm =
        switch (architecture) {
          case QWEN3, QWEN3_MOE, GEMMA3 -> QkNorm.PER_HEAD;
          case OLMO2 -> QkNorm.ALL_HEADS;
          case LLAMA, GRANITE, SMOLLM3, QWEN2, GEMMA2, PHI3, GPT_NEOX, GPT_OSS -> QkNorm.NONE;
        };
    // 50: Gemma 2's configuration; llama.cpp has it as default too.
    double softCap = architecture == GEMMA2 ? keys.number("attn_logit_softcapping", 50) : 0;
    return new AttentionConfig(
        heads,
        kvHeads,
        headDim,
        scale(hidden, heads, headDim),
        softCap,
        qkNorm,
        architecture == GPT_OSS);
  }

  private double scale(int hidden, int heads, int headDim) {
    int layers = keys.requiredCount("block_count");
    boolean byWidth =
        (architecture == GEMMA2 && layers == GEMMA2_27B)
            || (architecture == GEMMA3 && layers == GEMMA3_27B);
    double otherwise = 1 / Math.sqrt(byWidth ? (double) hidden / heads : headDim);
    double scale = keys.number("attention.scale", 0); // 0 means none (llama.cpp)
    return scale == 0 ? otherwise : scale;
  }

  /// A count that may be given once or for each layer, but must be the same for all.
  ///
  /// @param otherwise taken if the key is missing; not positive makes it an error
  private int uniform(String key, int otherwise) {
    if (!keys.has(key)) {
      if (otherwise < 1) {
        keys.error(key, "is missing");
      }
      return Math.max(1, otherwise);
    }
    if (!keys.isList(key)) {
      return keys.requiredCount(key);
    }
    List<Double> values = keys.numbers(key).orElse(List.of());
    double first = values.isEmpty() ? 0 : values.getFirst();
    if (first < 1 || first != (int) first || !values.stream().allMatch(v -> v == first)) {
      keys.error(key, "differs between layers or is no count, which is not supported");
      return 1;
    }
    return (int) first;
  }

  private FeedForward feedForward() {
    if (keys.has("expert_count") && keys.number("expert_count", 0) != 0) {
      return experts();
    }
    Activation activation =
        switch (architecture) {
          case GEMMA2, GEMMA3 -> Activation.GELU_TANH;
          // The checkpoints are trained with the exact one; ggml computes the approximation.
          case GPT_NEOX -> Activation.GELU;
          case LLAMA, GRANITE, SMOLLM3, QWEN2, QWEN3, QWEN3_MOE, PHI3, OLMO2, GPT_OSS ->
              Activation.SILU;
        };
    return new FeedForward.Dense(
        uniform("feed_forward_length", 0), activation, architecture != GgufArchitecture.GPT_NEOX);
  }

  private FeedForward experts() {
    if (keys.number("expert_shared_count", 0) != 0) {
      keys.error("expert_shared_count", "asks for shared experts, which are not supported");
    }
    ExpertGate gate =
        architecture == GPT_OSS
            // Source: llama.cpp GGML_GLU_OP_SWIGLU_OAI; the file does not carry them.
            ? new ExpertGate.ClampedSwiglu(1.702, 7)
            : new ExpertGate.Silu();
    String size =
        keys.has("expert_feed_forward_length")
            ? "expert_feed_forward_length"
            : "feed_forward_length";
    return new FeedForward.Experts(
        keys.requiredCount("expert_count"),
        keys.requiredCount("expert_used_count"),
        uniform(size, 0),
        Routing.NORMALISED,
        gate);
  }

  private NormConfig norm() {
    return switch (architecture) {
      case GPT_NEOX ->
          new NormConfig(
              Kind.LAYER,
              keys.flag("use_parallel_residual", true) ? Placement.PARALLEL : Placement.PRE,
              epsilon("attention.layer_norm_epsilon"));
      case GEMMA2, GEMMA3 -> rms(Placement.PRE_AND_POST);
      case OLMO2 -> rms(Placement.POST);
      case LLAMA, GRANITE, SMOLLM3, QWEN2, QWEN3, QWEN3_MOE, PHI3, GPT_OSS -> rms(Placement.PRE);
    };
  }

  private NormConfig rms(Placement placement) {
    return new NormConfig(Kind.RMS, placement, epsilon("attention.layer_norm_rms_epsilon"));
  }

  private double epsilon(String key) {
    if (!keys.has(key)) {
      keys.error(key, "is missing");
    }
    return keys.number(key, 1e-6);
  }

  private Multipliers multipliers(int hidden) {
    return switch (architecture) {
      case GEMMA2 ->
          new Multipliers(Math.sqrt(hidden), 1, 1, keys.number("final_logit_softcapping", 30));
      case GEMMA3 ->
          new Multipliers(Math.sqrt(hidden), 1, 1, keys.number("final_logit_softcapping", 0));
      case GRANITE -> {
        double scale = keys.number("logit_scale", 1); // a divisor (llama.cpp build_granite)
        if (!(scale > 0)) {
          keys.error("logit_scale", "is " + scale + " but must be positive");
          scale = 1;
        }
        yield new Multipliers(
            keys.number("embedding_scale", 1), keys.number("residual_scale", 1), 1 / scale, 0);
      }
      case LLAMA, SMOLLM3, QWEN2, QWEN3, QWEN3_MOE, PHI3, OLMO2, GPT_NEOX, GPT_OSS ->
          Multipliers.NONE;
    };
  }
}
