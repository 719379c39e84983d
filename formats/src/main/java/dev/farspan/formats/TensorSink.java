package dev.farspan.formats;

import java.lang.foreign.MemorySegment;

/// A model file being written: its tensors were declared by name, type and shape, and take their
/// data in any order, in pieces of any size. It has a temporary name until it is finished; closed
/// unfinished, it is deleted.
public interface TensorSink extends AutoCloseable {
  /// Appends bytes to a tensor.
  ///
  /// @param name the tensor's name
  /// @param data its next bytes
  /// @throws IllegalArgumentException if it was not declared, or these are more than it still needs
  /// @throws java.io.UncheckedIOException if they cannot be written
  void append(String name, MemorySegment data);

  /// Appends floats to a tensor, stored as its type.
  ///
  /// @param name the tensor's name
  /// @param values holds its next values
  /// @param from index of the first
  /// @param count how many, whole blocks of the type
  /// @throws IllegalArgumentException if it was not declared, these are more than it still needs,
  ///   or floats are not stored as its type
  /// @throws java.io.UncheckedIOException if they cannot be written
  void append(String name, float[] values, int from, int count);

  /// Makes the file durable and gives it its name.
  ///
  /// @throws IllegalStateException if a tensor lacks data
  /// @throws java.io.UncheckedIOException if that fails; a file of that name is then as before
  void finish();

  /// Deletes the temporary file unless it was finished.
  @Override
  void close();
}
