package dev.farspan.runtime.weights;

/// The learned parameters of one normalisation.
public final class Norm {
  /// A place where the model does not normalise.
  public static final Norm ABSENT = new Norm(new float[0], new float[0]);

  private final float[] weight;
  private final float[] bias;

  Norm(float[] weight, float[] bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /// Returns the gains; not to be changed.
  ///
  /// @return one float for each element, none if absent
  public float[] weight() {
    return weight;
  }

  /// Returns the offsets; not to be changed.
  ///
  /// @return one float for each element, none for RMS norms
  public float[] bias() {
    return bias;
  }

  /// Returns whether the model normalises here.
  ///
  /// @return whether there are gains
  public boolean present() {
    return weight.length > 0;
  }
}
