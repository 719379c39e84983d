package dev.farspan.runtime.decode;

import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.ModelConfig;

/// Buffers of one block of tokens; grown to the largest block and kept.
final class Activations {
  private final ModelConfig config;
  private int capacity;

  float[] stream = {}; // (rows, hidden): the residual stream
  float[] normed = {}; // (rows, hidden)
  float[] parallel = {}; // (rows, hidden): input of a feed-forward that runs beside attention
  float[] added = {}; // (rows, hidden): what a block adds to the stream
  float[] query = {}; // (rows, heads * headDim)
  float[] key = {}; // (rows, kvHeads * headDim)
  float[] value = {}; // (rows, kvHeads * headDim)
  float[] seconds = {}; // (rows, headDim): the second elements of a head's pairs, in passing
  float[] mixed = {}; // (rows, heads * headDim): output of attention
  float[] gate = {}; // (rows, intermediate)
  float[] up = {}; // (rows, intermediate)
  float[] router = {}; // (rows, experts)
  float[] expertIn = {}; // (rows, hidden): rows of one expert
  float[] expertOut = {}; // (rows, hidden)

  Activations(ModelConfig config) {
    this.config = config;
  }

  void reserve(int rows) {
    if (rows <= capacity) {
      return;
    }
    requireFits(rows);
    capacity = rows;
    int hidden = config.hiddenSize();
    stream = new float[rows * hidden];
    normed = new float[rows * hidden];
    parallel = new float[rows * hidden];
    added = new float[rows * hidden];
    query = new float[rows * config.attention().querySize()];
    mixed = new float[rows * config.attention().querySize()];
    seconds = new float[rows * config.attention().headDim()];
    key = new float[rows * config.attention().kvSize()];
    value = new float[rows * config.attention().kvSize()];
    switch (config.feedForward()) {
      case FeedForward.Dense dense -> reserveHidden(rows, dense.intermediateSize());
      case FeedForward.Experts experts -> {
        reserveHidden(rows, experts.intermediateSize());
        router = new float[rows * experts.experts()];
        expertIn = new float[rows * hidden];
        expertOut = new float[rows * hidden];
      }
    }
  }

  private void requireFits(int rows) {
    int intermediate =
        switch (config.feedForward()) {
          case FeedForward.Dense dense -> dense.intermediateSize();
          case FeedForward.Experts experts ->
              Math.max(experts.intermediateSize(), experts.experts());
        };
    int widest =
        Math.max(Math.max(config.hiddenSize(), intermediate), config.attention().querySize());
    if ((long) rows * widest > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a block of "
              + rows
              + " tokens is too large for this model; use at most "
              + Integer.MAX_VALUE / widest);
    }
  }

  private void reserveHidden(int rows, int intermediate) {
    gate = new float[rows * intermediate];
    up = new float[rows * intermediate];
  }
}
