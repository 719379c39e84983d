package dev.farspan.formats.safetensors;

import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;

/// A tensor that is going to be written.
///
/// @param name its name
/// @param dtype a type that safetensors has
/// @param shape its extents
public record TensorSpec(String name, DType dtype, Shape shape) {
  /// Checks the type.
  ///
  /// @throws IllegalArgumentException if safetensors lacks the type, or the tensor takes more bytes
  ///   than can be counted
  public TensorSpec {
    if (!SafetensorsEntry.TYPES.contains(dtype)) {
      throw new IllegalArgumentException(
          "tensor '%s' has type %s, which safetensors lacks".formatted(name, dtype));
    }
    dtype.bytes(shape.elements());
  }

  long bytes() {
    return dtype.bytes(shape.elements());
  }
}
