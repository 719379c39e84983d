package dev.farspan.runtime.decode;

import dev.farspan.context.model.FeedForward.Activation;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.weights.Linear;
import dev.farspan.tensor.Tensor;
import java.util.Arrays;

/// Linear maps and row-wise steps of a block, on the path that its phase takes.
final class Maps {
  private final Kernels kernels;
  private final Workers workers;

  // What `with` collected; kept, so that a token allocates nothing.
  private Linear[] maps = {};
  private Tensor[] weights = {};
  private float[][] outputs = {};
  private int pending;

  Maps(Kernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
  }

  Kernels kernels() {
    return kernels;
  }

  Workers workers() {
    return workers;
  }

  /// `y = W x + b` for each row. Prefill takes the matrix path whatever the number of rows, so that
  /// a row's result does not depend on where a feed was split.
  void apply(Linear map, float[] x, Phase phase, float[] y) {
    with(map, y).apply(x, phase);
  }

  /// Adds a map to those that the next call of [#apply(float[], Phase)] applies to one input.
  Maps with(Linear map, float[] y) {
    if (pending == maps.length) {
      maps = Arrays.copyOf(maps, pending + 1);
      weights = Arrays.copyOf(weights, pending + 1);
      outputs = Arrays.copyOf(outputs, pending + 1);
    }
    maps[pending] = map;
    weights[pending] = map.weight();
    outputs[pending++] = y;
    return this;
  }

  /// Applies the maps that [#with] collected, on the path of decode in one loop of the workers.
  void apply(float[] x, Phase phase) {
    int count = pending;
    pending = 0;
    if (phase.decode()) {
      kernels.matVecs(count, weights, x, outputs, workers);
    }
    for (int i = 0; i < count; i++) {
      if (!phase.decode()) {
        kernels.matMul(weights[i], x, phase.rows(), outputs[i], workers);
      }
      addBias(maps[i].bias(), phase.rows(), outputs[i]);
    }
  }

  private void addBias(float[] bias, int rows, float[] y) {
    if (bias.length > 0) {
      for (int r = 0; r < rows; r++) {
        kernels.add(y, r * bias.length, bias, 0, bias.length, 1);
      }
    }
  }

  /// Runs a step for every row of a block, shared among the workers. A lone row, that of decode, is
  /// better run by its caller: a step that captures variables takes memory from the heap.
  void eachRow(int rows, Row row) {
    workers.run(rows, (r, _) -> row.run(r));
  }

  /// A step of one row.
  interface Row {
    void run(int row);
  }

  /// Rows of a block, and whether it is one token on the path of decode.
  record Phase(int rows, boolean decode) {
    static final Phase DECODE = new Phase(1, true);

    Phase withRows(int others) {
      return new Phase(others, false);
    }
  }

  static dev.farspan.kernels.Activation kernel(Activation activation) {
    return switch (activation) {
      case SILU -> dev.farspan.kernels.Activation.SILU;
      case GELU -> dev.farspan.kernels.Activation.GELU;
      case GELU_TANH -> dev.farspan.kernels.Activation.GELU_TANH;
    };
  }
}
