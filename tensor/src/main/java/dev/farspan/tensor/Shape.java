package dev.farspan.tensor;

import java.util.Arrays;

/// The extents of a tensor, outermost first, row-major: a `(rows, cols)` matrix is `Shape.of(rows,
/// cols)`.
public final class Shape {
  private final long[] dims;

  private Shape(long[] dims) {
    this.dims = dims;
  }

  /// Returns the shape with these extents.
  ///
  /// @param dims extents, outermost first, each at least 0
  /// @return the shape
  /// @throws IllegalArgumentException if an extent is negative or their product overflows
  public static Shape of(long... dims) {
    long elements = 1;
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has a negative extent");
      }
      if (dim != 0 && elements > Long.MAX_VALUE / dim) {
        throw new IllegalArgumentException("shape " + Arrays.toString(dims) + " overflows");
      }
      elements *= dim;
    }
    return new Shape(dims.clone());
  }

  /// Returns how many extents there are.
  ///
  /// @return the rank
  public int rank() {
    return dims.length;
  }
}
