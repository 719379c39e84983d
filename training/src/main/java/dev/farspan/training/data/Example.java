package dev.farspan.training.data;

import java.util.Arrays;

/// One row of a batch: `length + 1` tokens, of which each but the first is to be predicted from
/// those before it.
public final class Example {
  private final int[] ids;
  private final float[] weights;

  /// Makes an example.
  ///
  /// @param ids token ids, `length + 1` of them; not to be changed afterwards
  /// @param weights how much the loss of each prediction counts, `length` of them
  /// @throws IllegalArgumentException if there is not a weight for every prediction
  public Example(int[] ids, float[] weights) {
    if (ids.length != weights.length + 1) {
      throw new IllegalArgumentException(
          "%d tokens make %d predictions, but there are %d weights"
              .formatted(ids.length, ids.length - 1, weights.length));
    }
    this.ids = ids;
    this.weights = weights;
  }

  /// Returns the tokens; not to be changed.
  ///
  /// @return token ids
  public int[] ids() {
    return ids;
  }

  /// Returns how much the loss of each prediction counts; not to be changed.
  ///
  /// @return one weight for each token but the first
  public float[] weights() {
    return weights;
  }

  /// Returns an example whose every prediction counts the same.
  ///
  /// @param ids token ids
  /// @return the example
  public static Example plain(int... ids) {
    float[] weights = new float[ids.length - 1];
    Arrays.fill(weights, 1);
    return new Example(ids, weights);
  }

  /// Returns how many predictions there are.
  ///
  /// @return tokens less one
  public int length() {
    return weights.length;
  }
}
