package dev.farspan.runtime.weights;

import dev.farspan.tensor.Tensor;

/// A linear map `y = W x + b`.
public final class Linear {
  private static final float[] NO_BIAS = {};

  private final Tensor weight;
  private final float[] bias;

  Linear(Tensor weight, float[] bias) {
    this.weight = weight;
    this.bias = bias;
  }

  static Linear withoutBias(Tensor weight) {
    return new Linear(weight, NO_BIAS);
  }

  /// Returns the matrix W.
  ///
  /// @return a tensor (out, in)
  public Tensor weight() {
    return weight;
  }

  /// Returns the bias b; not to be changed.
  ///
  /// @return (out) floats, or none if the map has no bias
  public float[] bias() {
    return bias;
  }

  /// Returns how many outputs the map has.
  ///
  /// @return rows of W
  public int outputs() {
    return Math.toIntExact(weight.rows());
  }
}
