package dev.farspan.runtime.decode;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.NormConfig.Placement;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.attention.Attention;
import dev.farspan.runtime.decode.Maps.Phase;
import dev.farspan.runtime.weights.LayerWeights;
import dev.farspan.runtime.weights.Linear;
import dev.farspan.runtime.weights.Norm;
import dev.farspan.runtime.weights.Weights;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A decoder-only transformer, driven by its configuration.
///
/// Holds the weights and the buffers of the block in flight, no state of a sequence: that is in a
/// [Session]. One block at a time.
public final class Decoder {
  private static final int LOGIT_ROWS = 64;

  private final ModelConfig config;
  private final Weights weights;
  private final Maps maps;
  private final Normalisation norms;
  private final Activations a;
  private final AttentionBlock attention;
  private final FeedForwardBlock feedForward;
  private final AtomicBoolean busy = new AtomicBoolean();
  private int[] wantedRows = {};
  private float[] lastRows = {};
  private float[] logits = {};

  /// Makes a decoder.
  ///
  /// @param config the model's shape
  /// @param weights its parameters
  /// @param attention how attention is computed
  /// @param kernels what everything else is computed with
  /// @param workers who shares the work
  public Decoder(
      ModelConfig config, Weights weights, Attention attention, Kernels kernels, Workers workers) {
    this.config = config;
    this.weights = weights;
    this.maps = new Maps(kernels, workers);
    this.norms = new Normalisation(maps, config.norm());
    this.a = new Activations(config);
    this.attention = new AttentionBlock(maps, config.attention(), norms, attention, a);
    this.feedForward = new FeedForwardBlock(maps, config.feedForward(), a);
  }

  /// Returns the model's shape.
  ///
  /// @return the configuration
  public ModelConfig config() {
    return config;
  }

  /// Claims the decoder's buffers for one feed.
  ///
  /// @throws IllegalStateException if another sequence of this model is being computed
  void claim() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "this model is computing another sequence; feed one at a time, or open the model again");
    }
  }

  /// Gives the buffers back.
  void release() {
    busy.set(false);
  }

  /// Runs all layers over a block; its residual stream stays in the buffers for [#logits].
  void forward(int[] tokens, int from, Phase phase, List<AttentionBlock.Layer> sequence) {
    a.reserve(phase.rows());
    embed(tokens, from, phase.rows());
    layers(phase, sequence);
  }

  /// Runs all layers over vectors that stand in the place of embeddings, unscaled.
  ///
  /// @param vectors (any, hidden)
  /// @param from the first of the block
  void forward(float[] vectors, int from, Phase phase, List<AttentionBlock.Layer> sequence) {
    int hidden = config.hiddenSize();
    a.reserve(phase.rows());
    System.arraycopy(vectors, from * hidden, a.stream, 0, phase.rows() * hidden);
    layers(phase, sequence);
  }

  private void layers(Phase phase, List<AttentionBlock.Layer> sequence) {
    for (int l = 0; l < config.layers().size(); l++) {
      layer(weights.layers().get(l), sequence.get(l), phase);
    }
  }

  /// Copies the last hidden states of the block, normalised as the head reads them.
  ///
  /// @param out (any, hidden)
  /// @param from where the first row goes
  void lastHidden(Phase phase, float[] out, int from) {
    int hidden = config.hiddenSize();
    normalise(weights.finalNorm(), a.stream, phase.rows(), a.normed);
    System.arraycopy(a.normed, 0, out, from * hidden, phase.rows() * hidden);
  }

  /// Returns what the model reads after a segment.
  ///
  /// @return (tokens, hidden)
  /// @throws IllegalStateException if the model has no memory tokens
  float[] memoryTokens() {
    return weights
        .memoryTokens()
        .orElseThrow(
            () -> new IllegalStateException("a model without memory tokens was let through"))
        .toFloats();
  }

  /// Returns the learned sink logits of a layer.
  Norm sinks(int layer) {
    return weights.layers().get(layer).attention().extras().sinks();
  }

  private void embed(int[] tokens, int from, int rows) {
    int hidden = config.hiddenSize();
    float factor = (float) config.multipliers().embedding();
    for (int r = 0; r < rows; r++) {
      int token = tokens[from + r];
      if (token < 0 || token >= config.vocabSize()) {
        throw new IllegalArgumentException(
            "token id " + token + " is not in the vocabulary of " + config.vocabSize());
      }
      weights.embedding().copyRow(token, a.stream, r * hidden);
      if (factor != 1) {
        maps.kernels().scale(a.stream, r * hidden, hidden, factor);
      }
    }
  }

  private void layer(LayerWeights layer, AttentionBlock.Layer state, Phase phase) {
    LayerWeights.LayerNorms norm = layer.norms();
    normalise(norm.beforeAttention(), a.stream, phase.rows(), a.normed);
    boolean parallel = config.norm().placement() == Placement.PARALLEL;
    if (parallel) {
      normalise(norm.beforeFeedForward(), a.stream, phase.rows(), a.parallel);
    }
    attention.run(layer.attention(), state, a.normed, phase, a.added);
    addToStream(norm.afterAttention(), phase.rows());
    if (!parallel) {
      normalise(norm.beforeFeedForward(), a.stream, phase.rows(), a.normed);
    }
    feedForward.run(layer.feedForward(), parallel ? a.parallel : a.normed, phase, a.added);
    addToStream(norm.afterFeedForward(), phase.rows());
  }

  private void normalise(Norm norm, float[] x, int rows, float[] out) {
    norms.rows(norm, x, rows, config.hiddenSize(), out);
  }

  private void addToStream(Norm after, int rows) {
    int hidden = config.hiddenSize();
    normalise(after, a.added, rows, a.added);
    float factor = (float) config.multipliers().residual();
    if (rows == 1) {
      maps.kernels().add(a.stream, 0, a.added, 0, hidden, factor);
    } else {
      maps.eachRow(
          rows, r -> maps.kernels().add(a.stream, r * hidden, a.added, r * hidden, hidden, factor));
    }
  }

  /// Hands the wanted logits of the last block to the sink.
  ///
  /// @param first position of the block's first token
  void logits(int first, Phase phase, LogitsSink sink) {
    if (wantedRows.length < phase.rows()) {
      wantedRows = new int[phase.rows()];
    }
    int[] rows = wantedRows;
    int wanted = 0;
    for (int r = 0; r < phase.rows(); r++) {
      if (sink.wants(first + r)) {
        rows[wanted++] = r;
      }
    }
    for (int from = 0; from < wanted; from += LOGIT_ROWS) {
      int count = Math.min(LOGIT_ROWS, wanted - from);
      project(rows, from, count, phase);
      for (int k = 0; k < count; k++) {
        int position = first + rows[from + k];
        shape(k, position);
        sink.accept(position, logits, k * config.vocabSize());
      }
    }
  }

  private void project(int[] rows, int from, int count, Phase phase) {
    int hidden = config.hiddenSize();
    reserveLogits(count);
    for (int k = 0; k < count; k++) {
      System.arraycopy(a.stream, rows[from + k] * hidden, lastRows, k * hidden, hidden);
    }
    normalise(weights.finalNorm(), lastRows, count, lastRows);
    Linear head = weights.head();
    maps.apply(head, lastRows, phase.decode() ? phase : phase.withRows(count), logits);
  }

  private void reserveLogits(int count) {
    if (logits.length < count * config.vocabSize()) {
      logits = new float[count * config.vocabSize()];
      lastRows = new float[count * config.hiddenSize()];
    }
  }

  private void shape(int row, int position) {
    int vocab = config.vocabSize();
    Multipliers factors = config.multipliers();
    if (factors.logits() != 1) {
      maps.kernels().scale(logits, row * vocab, vocab, (float) factors.logits());
    }
    if (factors.logitSoftCap() > 0) {
      maps.kernels().softCap(logits, row * vocab, vocab, (float) factors.logitSoftCap());
    }
    for (int v = row * vocab; v < (row + 1) * vocab; v++) {
      if (!Float.isFinite(logits[v])) {
        throw new IllegalStateException(
            "the logits at position "
                + position
                + " are not finite; the model's weights are damaged or overflow float32");
      }
    }
  }
}
