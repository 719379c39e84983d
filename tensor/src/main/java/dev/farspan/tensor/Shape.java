package dev.farspan.tensor;

import java.util.Arrays;

/// The extents of a tensor, outermost first, row-major: a `(rows, cols)` matrix is `Shape.of(rows,
/// cols)`.
public final class Shape {
  private final long[] dims;
  private final long elements;

  private Shape(long[] dims, long elements) {
    this.dims = dims;
    this.elements = elements;
  }

  /// Returns the shape with these extents.
  ///
  /// @param dims extents, outermost first, each at least 0; none for a scalar
  /// @return the shape
  /// @throws IllegalArgumentException if an extent is negative or the product of the extents that
  ///   are not 0 overflows
  public static Shape of(long... dims) {
    long product = 1;
    boolean empty = false;
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has a negative extent");
      }
      if (dim == 0) {
        empty = true;
      } else if (product > Long.MAX_VALUE / dim) {
        throw new IllegalArgumentException("shape " + Arrays.toString(dims) + " overflows");
      } else {
        product *= dim;
      }
    }
    return new Shape(dims.clone(), empty ? 0 : product);
  }

  /// Returns how many extents there are.
  ///
  /// @return the rank, 0 for a scalar
  public int rank() {
    return dims.length;
  }

  /// Returns one extent.
  ///
  /// @param i index of the extent, 0 for the outermost
  /// @return its size
  /// @throws IndexOutOfBoundsException if there is no such extent
  public long dim(int i) {
    return dims[i];
  }

  /// Returns the product of the extents.
  ///
  /// @return the number of elements, 1 for a scalar
  public long elements() {
    return elements;
  }

  /// Returns a copy of the extents.
  ///
  /// @return extents, outermost first
  public long[] dims() {
    return dims.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /// Returns the extents in brackets, such as `[576, 1536]`.
  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
