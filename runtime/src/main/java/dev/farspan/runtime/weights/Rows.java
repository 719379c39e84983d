package dev.farspan.runtime.weights;

import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// Parts of matrices that a family stores fused, interleaved or transposed.
final class Rows {
  private Rows() {}

  /// Returns consecutive rows of a map, as a view.
  static Linear slice(Linear fused, int from, int to) {
    float[] bias = fused.bias();
    return new Linear(
        fused.weight().rows(from, to),
        bias.length == 0 ? bias : Arrays.copyOfRange(bias, from, to));
  }

  /// Returns the rows `at(0) .. at(count - 1)` of a map, copied, since they are not consecutive.
  static Linear gather(Linear fused, int count, IntUnaryOperator at) {
    Tensor w = fused.weight();
    long rowBytes = w.rowBytes();
    MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(count * rowBytes)]);
    float[] bias = new float[fused.bias().length == 0 ? 0 : count];
    for (int r = 0; r < count; r++) {
      int from = at.applyAsInt(r);
      MemorySegment.copy(w.data(), from * rowBytes, data, r * rowBytes, rowBytes);
      if (bias.length > 0) {
        bias[r] = fused.bias()[from];
      }
    }
    return new Linear(new Tensor(w.name(), w.dtype(), Shape.of(count, w.cols()), data), bias);
  }

  /// Returns columns `first, first + step, ...` of a matrix (in, out) as a map (out / step, in).
  static Linear transposed(Tensor matrix, float[] bias, int first, int step) {
    int in = Math.toIntExact(matrix.rows());
    int columns = Math.toIntExact(matrix.cols());
    float[] all = matrix.toFloats();
    float[] w = new float[columns / step * in];
    float[] b = new float[columns / step];
    for (int o = 0; o < b.length; o++) {
      int column = first + o * step;
      b[o] = bias[column];
      for (int i = 0; i < in; i++) {
        w[o * in + i] = all[i * columns + column];
      }
    }
    return new Linear(Tensor.ofFloats(matrix.name(), Shape.of(b.length, in), w), b);
  }
}
