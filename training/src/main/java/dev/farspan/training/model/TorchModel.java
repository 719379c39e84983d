package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.rms_norm;
import static org.bytedeco.pytorch.global.torch.silu;
import static org.bytedeco.pytorch.global.torch.tanh;

import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.model.TrainedMemory.Landmarks;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.runtime.weights.Weights;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GELUOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// A decoder-only transformer under automatic differentiation, driven by its configuration as the
/// engine's decoder is.
public final class TorchModel implements AutoCloseable {
  private final ModelConfig config;
  private final Parameters parameters;
  private final Projections projections;
  private final TorchAttention attention;
  private final Training training;

  /// What training does otherwise than reading.
  ///
  /// @param groups of shifted sparse attention; 0 for the model's own attention
  /// @param recomputes whether layers are computed again for their gradients
  private record Training(int groups, boolean recomputes) {
    static final Training PLAIN = new Training(0, false);
  }

  private TorchModel(
      ModelConfig config, Parameters parameters, Projections projections, Training training) {
    this.config = config;
    this.parameters = parameters;
    this.projections = projections;
    this.attention = new TorchAttention(config, projections, this::norm, training.groups());
    this.training = training;
  }

  /// Returns a model with a checkpoint's weights, de-quantised.
  ///
  /// @param config the model's shape
  /// @param weights its weights
  /// @param compute type of the matrix products: `Float`, or `BFloat16` with 32-bit parameters
  /// @return the model
  /// @throws IllegalArgumentException if it has a part that cannot be trained here
  public static TorchModel of(ModelConfig config, Weights weights, ScalarType compute) {
    return of(config, ParameterLoader.load(config, weights), compute);
  }

  /// Returns a model with these parameters.
  ///
  /// @param config the model's shape
  /// @param parameters its parameters, which the model owns from now on
  /// @param compute type of the matrix products
  /// @return the model
  /// @throws IllegalArgumentException if it has a part that cannot be trained here
  public static TorchModel of(ModelConfig config, Parameters parameters, ScalarType compute) {
    ParameterLoader.requireTrainable(config);
    return new TorchModel(config, parameters, new Projections(parameters, compute), Training.PLAIN);
  }

  /// Returns this model with landmarks: one more row of the embedding, and of a head of its own.
  ///
  /// @param landmarks a block and a token that is the first beyond the vocabulary
  /// @return the model to use from now on; this one's parameters are its own
  /// @throws IllegalArgumentException if the token is another
  public TorchModel with(Landmarks landmarks) {
    if (landmarks.token() != config.vocabSize()) {
      throw new IllegalArgumentException(
          "the landmark must be token %d, the first that no text has, not %d"
              .formatted(config.vocabSize(), landmarks.token()));
    }
    parameters.addMeanRow(ParameterNames.EMBEDDING);
    if (!config.tiedEmbeddings()) {
      parameters.addMeanRow(ParameterNames.HEAD);
    }
    return new TorchModel(config.with(landmarks), parameters, projections, Training.PLAIN);
  }

  /// Returns this model under shifted sparse attention, to be trained on long examples at a part of
  /// their cost (LongLoRA, arXiv 2309.12307, section 3.2).
  ///
  /// @param groups groups of a sequence, at least 2
  /// @return the model to use from now on; this one's parameters are its own
  /// @throws IllegalArgumentException if its attention has another form already
  public TorchModel shifted(int groups) {
    if (groups < 2) {
      throw new IllegalArgumentException("groups must be at least 2, got " + groups);
    }
    if (!(config.memory() instanceof TrainedMemory.None) || config.attention().softCap() > 0) {
      throw new IllegalArgumentException(
          "shifted sparse attention takes the place of plain full attention; this model's has"
              + " landmarks, memory or a bound on its scores");
    }
    return new TorchModel(
        config, parameters, projections, new Training(groups, training.recomputes()));
  }

  /// Returns this model with gradients at the price of a second forward pass instead of the memory
  /// of all that lies between layers: the same gradients, bit for bit.
  ///
  /// @return the model to use from now on; this one's parameters are its own
  public TorchModel recomputing() {
    return new TorchModel(config, parameters, projections, new Training(training.groups(), true));
  }

  /// Returns the model's shape.
  ///
  /// @return the configuration
  public ModelConfig config() {
    return config;
  }

  /// Returns what is trained.
  ///
  /// @return the parameters
  public Parameters parameters() {
    return parameters;
  }

  ScalarType compute() {
    return projections.compute();
  }

  /// Adds low-rank adapters; they join the parameters under names of their own.
  ///
  /// @param adapters which maps get one
  /// @param seed of their first values
  public void adapt(LowRank adapters, long seed) {
    projections.adapt(adapters, seed);
  }

  /// Adds the adapters to the weights they belong to, and removes them.
  public void mergeAdapters() {
    projections.merge();
  }

  /// Returns the logits of every position.
  ///
  /// @param ids token ids (rows, tokens)
  /// @param tables the frequency table of each of [ModelConfig#ropes]
  /// @param positions one row of positions for each row of `ids`, or one row for all; ascending
  /// @return 32-bit logits (rows, tokens, vocabulary)
  public Tensor logits(Tensor ids, List<RopeTable> tables, int[][] positions) {
    return head(states(embedded(ids), tables, positions));
  }

  /// Adds the gradients of a loss to those of the parameters.
  ///
  /// @param ids token ids (rows, tokens)
  /// @param tables the frequency table of each of [ModelConfig#ropes]
  /// @param positions one row of positions for each row of `ids`, or one row for all; ascending
  /// @param loss from [#logits] to one number
  /// @return the loss
  public double backward(
      Tensor ids, List<RopeTable> tables, int[][] positions, UnaryOperator<Tensor> loss) {
    if (training.recomputes()) {
      List<Rotation> rotations = rotations(tables, positions);
      return new Recomputation(config.layers().size(), (l, x) -> layer(x, l, rotations))
          .backward(embedded(ids), top -> loss.apply(head(norm(ParameterNames.FINAL_NORM, top))));
    }
    Tensor result = loss.apply(logits(ids, tables, positions));
    result.backward();
    return result.item_double();
  }

  /// Returns what the first layer reads of tokens.
  ///
  /// @param ids token ids (rows, tokens)
  /// @return (rows, tokens, hidden)
  Tensor embedded(Tensor ids) {
    Tensor x = embedding(parameters.get(ParameterNames.EMBEDDING), ids);
    return scaled(x, config.multipliers().embedding()).to(projections.compute());
  }

  /// Returns the last hidden states, normalised as the head reads them.
  ///
  /// @param x what the first layer reads (rows, tokens, hidden)
  /// @param tables the frequency table of each of [ModelConfig#ropes]
  /// @param positions one row of positions for each row of `x`, or one row for all
  /// @return (rows, tokens, hidden)
  Tensor states(Tensor x, List<RopeTable> tables, int[][] positions) {
    List<Rotation> rotations = rotations(tables, positions);
    Tensor y = x;
    for (int l = 0; l < config.layers().size(); l++) {
      y = layer(y, l, rotations);
    }
    return norm(ParameterNames.FINAL_NORM, y);
  }

  private List<Rotation> rotations(List<RopeTable> tables, int[][] positions) {
    return tables.stream()
        .map(table -> Rotation.of(table, positions, projections.compute()))
        .toList();
  }

  /// Returns the logits of last hidden states.
  ///
  /// @param states (rows, tokens, hidden)
  /// @return 32-bit logits (rows, tokens, vocabulary)
  Tensor head(Tensor states) {
    Multipliers factors = config.multipliers();
    Tensor logits = projections.head(states, config.tiedEmbeddings());
    logits = scaled(widened(logits), factors.logits());
    return softCapped(logits, factors.logitSoftCap());
  }

  private Tensor layer(Tensor x, int index, List<Rotation> rotations) {
    String name = ParameterNames.layer(index);
    ParameterNames.Norms norms = ParameterNames.norms(config.norm().placement());
    Tensor h = norm(name, norms.beforeAttention(), x);
    h = attention.run(index, h, rotations);
    h = norm(name, norms.afterAttention(), h);
    Tensor y = x.add(scaled(h, config.multipliers().residual()));
    h = norm(name, norms.beforeFeedForward(), y);
    h = feedForward(name + "mlp.", h);
    h = norm(name, norms.afterFeedForward(), h);
    return y.add(scaled(h, config.multipliers().residual()));
  }

  private Tensor feedForward(String name, Tensor x) {
    Tensor gate = activated(projections.apply(name + "gate_proj", x));
    return projections.apply(name + "down_proj", gate.mul(projections.apply(name + "up_proj", x)));
  }

  private Tensor activated(Tensor x) {
    if (!(config.feedForward() instanceof FeedForward.Dense dense)) {
      throw new IllegalStateException("a model with experts was let through");
    }
    return switch (dense.activation()) {
      case SILU -> silu(x);
      case GELU -> gelu(x, new GELUOptions());
      case GELU_TANH -> geluTanh(x);
    };
  }

  /// `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))` (Hendrycks and Gimpel, arXiv 1606.08415,
  /// section 2).
  private static Tensor geluTanh(Tensor x) {
    Tensor cubic = x.mul(x).mul(x).mul(new Scalar(0.044715)).add(x);
    Tensor curve = tanh(cubic.mul(new Scalar(Math.sqrt(2 / Math.PI))));
    return x.mul(new Scalar(0.5)).mul(curve.add(new Scalar(1.0)));
  }

  private Tensor norm(String layer, String name, Tensor x) {
    return name.isEmpty() ? x : norm(layer + name, x);
  }

  /// Normalised in 32 bits or more, whatever the products are computed in.
  private Tensor norm(String name, Tensor x) {
    Tensor gain = parameters.get(name + ".weight");
    Tensor wide = widened(x);
    return rms_norm(
            wide,
            new long[] {gain.size(0)},
            new TensorOptional(gain),
            new DoubleOptional(config.norm().epsilon()))
        .to(projections.compute());
  }

  private Tensor widened(Tensor x) {
    return projections.compute() == ScalarType.BFloat16 ? x.to(ScalarType.Float) : x;
  }

  private static Tensor scaled(Tensor x, double factor) {
    return factor == 1 ? x : x.mul(new Scalar(factor));
  }

  static Tensor softCapped(Tensor x, double cap) {
    return cap > 0 ? tanh(x.mul(new Scalar(1 / cap))).mul(new Scalar(cap)) : x;
  }

  @Override
  public void close() {
    parameters.close();
  }
}
