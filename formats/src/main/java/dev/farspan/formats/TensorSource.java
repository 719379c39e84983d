package dev.farspan.formats;

import dev.farspan.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/// An open model file, or several that belong together. It owns the memory maps: every tensor is a
/// view that dies with this object.
public interface TensorSource extends AutoCloseable {
  /// Returns where it was opened.
  ///
  /// @return the path given when it was opened
  Path path();

  /// Returns all tensors in the order of the file.
  ///
  /// @return an unmodifiable map from name to tensor
  /// @throws FormatException if a tensor has a type that cannot be read
  Map<String, Tensor> tensors();

  /// Returns one tensor.
  ///
  /// @param name its name
  /// @return the tensor
  /// @throws FormatException if there is none of that name (the message names similar ones), or its
  ///   type cannot be read
  Tensor tensor(String name);

  /// Unmaps the file. Tensors must not be used any more.
  @Override
  void close();
}
