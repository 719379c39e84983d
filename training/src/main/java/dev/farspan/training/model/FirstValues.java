package dev.farspan.training.model;

import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.ModelConfig;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The parameters of a model that has learnt nothing yet.
public final class FirstValues {
  private static final double EMBEDDING_DEVIATION = 0.02;

  private final ModelConfig config;
  private final SplittableRandom random;
  private final Parameters out = new Parameters();

  private FirstValues(ModelConfig config, long seed) {
    this.config = config;
    this.random = new SplittableRandom(seed);
  }

  /// Returns parameters for a model without biases: embeddings normal with deviation 0.02, matrices
  /// uniform within `1 / sqrt(inputs)` (torch's `nn.Linear`), gains 1.
  ///
  /// @param config the model's shape
  /// @param seed what chance follows from
  /// @return all parameters
  /// @throws IllegalArgumentException if the model has a part that cannot be trained here
  public static Parameters of(ModelConfig config, long seed) {
    ParameterLoader.requireTrainable(config);
    return new FirstValues(config, seed).all();
  }

  private Parameters all() {
    int hidden = config.hiddenSize();
    int vocab = config.vocabSize();
    out.put(ParameterNames.EMBEDDING, Torch.floats(normal(vocab * hidden), vocab, hidden));
    for (int l = 0; l < config.layers().size(); l++) {
      layer(ParameterNames.layer(l));
    }
    gains(ParameterNames.FINAL_NORM, hidden);
    if (!config.tiedEmbeddings()) {
      matrix("lm_head", vocab, hidden);
    }
    return out;
  }

  private void layer(String name) {
    int hidden = config.hiddenSize();
    int q = config.attention().querySize();
    int kv = config.attention().kvSize();
    matrix(name + "self_attn.q_proj", q, hidden);
    matrix(name + "self_attn.k_proj", kv, hidden);
    matrix(name + "self_attn.v_proj", kv, hidden);
    matrix(name + "self_attn.o_proj", hidden, q);
    if (config.attention().qkNorm() != QkNorm.NONE) {
      boolean perHead = config.attention().qkNorm() == QkNorm.PER_HEAD;
      gains(name + "self_attn.q_norm", perHead ? config.attention().headDim() : q);
      gains(name + "self_attn.k_norm", perHead ? config.attention().headDim() : kv);
    }
    ParameterNames.Norms norms = ParameterNames.norms(config.norm().placement());
    norm(name, norms.beforeAttention());
    norm(name, norms.afterAttention());
    norm(name, norms.beforeFeedForward());
    norm(name, norms.afterFeedForward());
    if (config.feedForward() instanceof FeedForward.Dense dense) {
      matrix(name + "mlp.gate_proj", dense.intermediateSize(), hidden);
      matrix(name + "mlp.up_proj", dense.intermediateSize(), hidden);
      matrix(name + "mlp.down_proj", hidden, dense.intermediateSize());
    }
  }

  private void norm(String layer, String name) {
    if (!name.isEmpty()) {
      gains(layer + name, config.hiddenSize());
    }
  }

  private void gains(String name, int size) {
    float[] ones = new float[size];
    Arrays.fill(ones, 1);
    out.put(name + ".weight", Torch.floats(ones, size));
  }

  private void matrix(String name, int outputs, int inputs) {
    double bound = 1 / Math.sqrt(inputs);
    float[] values = new float[outputs * inputs];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    out.put(name + ".weight", Torch.floats(values, outputs, inputs));
  }

  private float[] normal(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (EMBEDDING_DEVIATION * random.nextGaussian());
    }
    return values;
  }
}
