package dev.farspan.formats.gguf;

import dev.farspan.formats.files.Names;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;

/// A tensor that is going to be written.
///
/// @param name its name
/// @param dtype a type that GGUF has
/// @param shape its extents, outermost first; at most 4
public record GgufTensorSpec(String name, DType dtype, Shape shape) {
  /// Checks the type and shape.
  ///
  /// @throws IllegalArgumentException if GGUF lacks the type, there are more than 4 extents, or a
  ///   row is not a whole number of blocks
  public GgufTensorSpec {
    if (shape.rank() > GgufHeader.MOST_DIMS) {
      throw new IllegalArgumentException(
          "tensor %s %s has more extents than the 4 that GGUF allows"
              .formatted(Names.quote(name), shape));
    }
    if (GgmlType.of(dtype).isEmpty()) {
      throw new IllegalArgumentException(
          "tensor %s has type %s, which GGUF lacks".formatted(Names.quote(name), dtype));
    }
    if (shape.rank() > 0 && shape.dim(shape.rank() - 1) % dtype.blockSize() != 0) {
      throw new IllegalArgumentException(
          "tensor %s %s has rows that are not whole %s blocks of %d"
              .formatted(Names.quote(name), shape, dtype, dtype.blockSize()));
    }
    dtype.bytes(shape.elements());
  }

  long bytes() {
    return dtype.bytes(shape.elements());
  }

  GgmlType type() {
    return GgmlType.of(dtype).orElseThrow();
  }
}
