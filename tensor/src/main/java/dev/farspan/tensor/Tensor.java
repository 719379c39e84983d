package dev.farspan.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A named, typed, shaped view on memory. It owns nothing: it lives as long as the arena of its
/// memory does. Elements are little-endian and row-major; a row is a whole number of blocks.
///
/// @param name what the tensor is called in its checkpoint
/// @param dtype how its elements are stored
/// @param shape its extents, outermost first
/// @param data its bytes, exactly as many as dtype and shape need
public record Tensor(String name, DType dtype, Shape shape, MemorySegment data) {
  /// Checks that the memory fits the type and shape.
  ///
  /// @throws IllegalArgumentException if a row is not a whole number of blocks, or `data` has
  ///   another size than type and shape need
  public Tensor {
    if (lastOf(shape) % dtype.blockSize() != 0) {
      throw new IllegalArgumentException(
          "tensor '%s' %s has rows that are not whole %s blocks of %d"
              .formatted(name, shape, dtype, dtype.blockSize()));
    }
    long bytes = dtype.bytes(shape.elements());
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "tensor '%s' %s %s needs %d bytes but has %d"
              .formatted(name, dtype, shape, bytes, data.byteSize()));
    }
  }

  /// Returns a tensor that holds a copy of these values on the heap.
  ///
  /// @param name what to call it
  /// @param shape its extents
  /// @param values as many values as the shape has elements
  /// @return an F32 tensor
  /// @throws IllegalArgumentException if the number of values is not the shape's
  public static Tensor ofFloats(String name, Shape shape, float... values) {
    MemorySegment data = MemorySegment.ofArray(new float[values.length]);
    Blocks.encode(DType.F32, values, 0, values.length, data, 0);
    return new Tensor(name, DType.F32, shape, data);
  }

  /// Returns the same view under another name.
  ///
  /// @param other what to call it
  /// @return the tensor
  public Tensor named(String other) {
    return new Tensor(other, dtype, shape, data);
  }

  /// Returns how many rows there are: the product of all extents but the last.
  ///
  /// @return rows, 1 for a vector or scalar
  public long rows() {
    long rows = 1;
    for (int i = 0; i < shape.rank() - 1; i++) {
      rows *= shape.dim(i);
    }
    return rows;
  }

  /// Returns how many elements a row has: the last extent.
  ///
  /// @return columns, 1 for a scalar
  public long cols() {
    return lastOf(shape);
  }

  /// Returns how many bytes a row takes.
  ///
  /// @return bytes from one row to the next
  public long rowBytes() {
    return dtype.bytes(cols());
  }

  /// Returns a view of consecutive rows, of shape `(to - from, cols)`. Nothing is copied.
  ///
  /// @param from first row
  /// @param to one past the last row
  /// @return the rows `[from, to)`
  /// @throws IllegalArgumentException if the rows are not within the tensor
  public Tensor rows(long from, long to) {
    if (from < 0 || from > to || to > rows()) {
      throw new IllegalArgumentException(
          "rows %d to %d are not within the %d rows of tensor '%s'"
              .formatted(from, to, rows(), name));
    }
    MemorySegment view = data.asSlice(from * rowBytes(), (to - from) * rowBytes());
    return new Tensor(name, dtype, Shape.of(to - from, cols()), view);
  }

  /// Returns a view of one entry of the outermost extent, which is dropped: entry `index` of
  /// `(experts, rows, cols)` is a `(rows, cols)` tensor. Nothing is copied.
  ///
  /// @param index which entry
  /// @return the entry
  /// @throws IllegalArgumentException if there is no such entry, or it is not whole blocks
  public Tensor slice(long index) {
    if (shape.rank() == 0 || index < 0 || index >= shape.dim(0)) {
      throw new IllegalArgumentException(
          "tensor '%s' %s has no entry %d".formatted(name, shape, index));
    }
    Shape inner = Shape.of(Arrays.copyOfRange(shape.dims(), 1, shape.rank()));
    long bytes = dtype.bytes(inner.elements());
    return new Tensor(name, dtype, inner, data.asSlice(index * bytes, bytes));
  }

  /// Writes one row as floats, dequantised.
  ///
  /// @param row which row
  /// @param out where to
  /// @param at index of the first float written; [#cols()] are
  /// @throws IllegalArgumentException if there is no such row or it does not fit into `out`
  public void copyRow(long row, float[] out, int at) {
    if (row < 0 || row >= rows()) {
      throw new IllegalArgumentException(
          "tensor '%s' %s has no row %d".formatted(name, shape, row));
    }
    Blocks.decode(dtype, data, row * rowBytes(), out, at, count(cols()));
  }

  /// Returns all elements as floats, dequantised. For vectors and tests: big tensors are read row
  /// by row.
  ///
  /// @return the elements in row-major order
  /// @throws IllegalArgumentException if there are more than an array can hold
  public float[] toFloats() {
    float[] out = new float[count(shape.elements())];
    Blocks.decode(dtype, data, 0, out, 0, out.length);
    return out;
  }

  private int count(long elements) {
    // 8 below the largest int: the longest array every JVM can make
    if (elements > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "tensor '%s' %s is too big to read at once; read rows or slices".formatted(name, shape));
    }
    return (int) elements;
  }

  private static long lastOf(Shape shape) {
    return shape.rank() == 0 ? 1 : shape.dim(shape.rank() - 1);
  }
}
