package dev.farspan.kernels;

import dev.farspan.tensor.Tensor;

/// The extents of a weight matrix, checked against the arrays it meets.
final class Sizes {
  private Sizes() {}

  static int rows(Tensor w) {
    return toInt(w, w.rows());
  }

  static int cols(Tensor w) {
    return toInt(w, w.cols());
  }

  static void checkMatMul(Tensor w, float[] x, int rows, float[] y) {
    if (rows < 0 || x.length < rows * w.cols() || y.length < rows * w.rows()) {
      throw new IllegalArgumentException(
          "%d rows times '%s' %s need %d inputs and %d outputs, but there are %d and %d"
              .formatted(
                  rows, w.name(), w.shape(), rows * w.cols(), rows * w.rows(), x.length, y.length));
    }
  }

  private static int toInt(Tensor w, long extent) {
    if (extent > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "'%s' %s is too large for one product".formatted(w.name(), w.shape()));
    }
    return (int) extent;
  }
}
