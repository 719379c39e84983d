package dev.farspan.context.rope;

/// The rotary embedding a model was trained with.
///
/// @param rotaryDim elements of a head that are rotated (even; `headDim * partial_rotary_factor`)
/// @param theta base of the geometric progression of frequencies (`rope_theta`)
/// @param trainedLength positions seen in training, before any extension (L)
public record RopeBase(int rotaryDim, double theta, int trainedLength) {
  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if `rotaryDim` is odd or not positive, `theta` is not above 1
  ///   or `trainedLength` is not positive
  public RopeBase {
    if (rotaryDim < 2 || rotaryDim % 2 != 0) {
      throw new IllegalArgumentException(
          "RoPE rotates pairs, so the rotary dimension must be even and positive, got "
              + rotaryDim);
    }
    if (!(theta > 1) || Double.isInfinite(theta)) {
      throw new IllegalArgumentException(
          "rope_theta must be a finite number above 1, got " + theta);
    }
    if (trainedLength < 1) {
      throw new IllegalArgumentException(
          "the trained length must be at least 1, got " + trainedLength);
    }
  }

  /// Returns how many pairs are rotated.
  ///
  /// @return `rotaryDim / 2`
  public int pairs() {
    return rotaryDim / 2;
  }
}
