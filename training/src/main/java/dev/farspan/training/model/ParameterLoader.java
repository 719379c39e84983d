package dev.farspan.training.model;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.NormConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.runtime.weights.FeedForwardWeights;
import dev.farspan.runtime.weights.LayerWeights;
import dev.farspan.runtime.weights.Linear;
import dev.farspan.runtime.weights.Norm;
import dev.farspan.runtime.weights.Weights;
import dev.farspan.tensor.Tensor;

/// Copies the engine's weights into parameters, de-quantised, heads in the order of Hugging Face.
final class ParameterLoader {
  private final ModelConfig config;
  private final Parameters out = new Parameters();

  private ParameterLoader(ModelConfig config) {
    this.config = config;
  }

  static Parameters load(ModelConfig config, Weights weights) {
    requireTrainable(config);
    return new ParameterLoader(config).load(weights);
  }

  /// Fails for what the training model does not compute.
  static void requireTrainable(ModelConfig config) {
    require(config, config.norm().kind() == NormConfig.Kind.RMS, "layer norms with offsets");
    require(
        config,
        config.norm().placement() != NormConfig.Placement.PARALLEL,
        "attention and feed-forward side by side");
    require(config, !config.attention().sinks(), "learned attention sinks");
    require(
        config,
        config.feedForward() instanceof FeedForward.Dense dense && dense.gated(),
        "a feed-forward block that is not one gated network");
  }

  private static void require(ModelConfig config, boolean known, String what) {
    if (!known) {
      throw new IllegalArgumentException(
          "a %s model has %s, which cannot be trained here; train a model of the llama, mistral,"
                  .formatted(config.family(), what)
              + " qwen2, qwen3, phi3, granite, olmo2, smollm3 or gemma family");
    }
  }

  private Parameters load(Weights weights) {
    matrix(ParameterNames.EMBEDDING, weights.embedding());
    for (int l = 0; l < config.layers().size(); l++) {
      layer(ParameterNames.layer(l), l, weights.layers().get(l));
    }
    norm(ParameterNames.FINAL_NORM, weights.finalNorm());
    if (!config.tiedEmbeddings()) {
      matrix(ParameterNames.HEAD, weights.head().weight());
    }
    weights.memoryTokens().ifPresent(tokens -> matrix(MemoryTokens.NAME, tokens));
    return out;
  }

  private void layer(String name, int index, LayerWeights layer) {
    AttentionConfig attention = config.attention();
    LayerWeights.AttentionWeights a = layer.attention();
    boolean adjacent = isAdjacent(index);
    linear(name + "self_attn.q_proj", a.query(), adjacent);
    linear(name + "self_attn.k_proj", a.key(), adjacent);
    linear(name + "self_attn.v_proj", a.value(), false);
    linear(name + "self_attn.o_proj", a.output(), false);
    if (attention.qkNorm() != QkNorm.NONE) {
      head(name + "self_attn.q_norm", a.extras().queryNorm(), adjacent);
      head(name + "self_attn.k_norm", a.extras().keyNorm(), adjacent);
    }
    ParameterNames.Norms norms = ParameterNames.norms(config.norm().placement());
    norm(name + norms.beforeAttention(), layer.norms().beforeAttention());
    norm(name + norms.afterAttention(), layer.norms().afterAttention());
    norm(name + norms.beforeFeedForward(), layer.norms().beforeFeedForward());
    norm(name + norms.afterFeedForward(), layer.norms().afterFeedForward());
    if (layer.feedForward() instanceof FeedForwardWeights.Gated gated) {
      linear(name + "mlp.gate_proj", gated.gate(), false);
      linear(name + "mlp.up_proj", gated.up(), false);
      linear(name + "mlp.down_proj", gated.down(), false);
    }
  }

  private boolean isAdjacent(int layer) {
    int rope = Math.max(0, config.layers().get(layer).rope());
    return config.ropes().get(rope).pairing() == RopeConfig.Pairing.ADJACENT;
  }

  private void matrix(String name, Tensor tensor) {
    float[] values = tensor.toFloats();
    out.put(name, Torch.floats(values, tensor.rows(), tensor.cols()));
  }

  private void linear(String name, Linear map, boolean adjacent) {
    Tensor w = map.weight();
    int columns = Math.toIntExact(w.cols());
    float[] values = w.toFloats();
    out.put(
        name + ".weight",
        Torch.floats(adjacent ? halves(values, columns) : values, w.rows(), columns));
    if (map.bias().length > 0) {
      out.put(
          name + ".bias",
          Torch.floats(adjacent ? halves(map.bias(), 1) : map.bias(), map.bias().length));
    }
  }

  private void head(String name, Norm norm, boolean adjacent) {
    float[] gains = adjacent ? halves(norm.weight(), 1) : norm.weight();
    out.put(name + ".weight", Torch.floats(gains, gains.length));
  }

  private void norm(String name, Norm norm) {
    if (norm.present()) {
      out.put(name + ".weight", Torch.floats(norm.weight(), norm.weight().length));
    }
  }

  /// Returns rows whose pairs were neighbours with the first of all pairs before the second ones.
  private float[] halves(float[] rows, int columns) {
    int headDim = config.attention().headDim();
    int pairs = config.mainRope().base().pairs();
    float[] ordered = rows.clone();
    for (int row = 0; row < rows.length / columns; row++) {
      int within = row % headDim;
      if (within < 2 * pairs) {
        int to = row - within + within / 2 + (within % 2) * pairs;
        System.arraycopy(rows, row * columns, ordered, to * columns, columns);
      }
    }
    return ordered;
  }
}
