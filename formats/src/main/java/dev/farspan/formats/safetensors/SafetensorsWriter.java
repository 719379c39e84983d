package dev.farspan.formats.safetensors;

import dev.farspan.formats.TensorSink;
import dev.farspan.formats.files.NewFile;
import dev.farspan.formats.files.Regions;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Writes a safetensors file whose tensors are known by name, type and shape before their data is:
/// declare them, append to each (in any order, in pieces of any size), then [TensorSink#finish()].
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /// Starts a file.
  ///
  /// @param path where to; a file of that name is replaced at the end
  /// @param specs the tensors it is going to hold
  /// @param metadata free-form `__metadata__`; may be empty
  /// @return the file, to be finished and closed
  /// @throws IllegalArgumentException if two tensors have the same name, or one the name
  ///   `__metadata__`
  /// @throws java.io.UncheckedIOException if the file cannot be created
  public static TensorSink create(Path path, List<TensorSpec> specs, Map<String, String> metadata) {
    SafetensorsLayout layout = SafetensorsLayout.of(specs, metadata);
    NewFile file = NewFile.create(path);
    Regions regions = new Regions(file);
    file.write(MemorySegment.ofArray(layout.header()), 0);
    for (TensorSpec spec : specs) {
      long at = layout.header().length + layout.offset(spec.name());
      regions.declare(spec.name(), spec.dtype(), at, spec.bytes());
    }
    return regions;
  }

  /// Deletes what killed processes have left of such a file. Nobody else may be writing it.
  ///
  /// @param file the file they were writing
  /// @throws java.io.UncheckedIOException if that fails
  public static void deleteLeftovers(Path file) {
    NewFile.deleteLeftovers(file);
  }

  /// Writes a file of whole tensors.
  ///
  /// @param path where to; a file of that name is replaced
  /// @param tensors what it holds
  /// @param metadata free-form `__metadata__`; may be empty
  /// @throws IllegalArgumentException if two tensors have the same name, or safetensors lacks a
  ///   type
  /// @throws java.io.UncheckedIOException if it cannot be written; a file of that name is then as
  ///   before
  public static void write(Path path, Collection<Tensor> tensors, Map<String, String> metadata) {
    List<TensorSpec> specs =
        tensors.stream().map(t -> new TensorSpec(t.name(), t.dtype(), t.shape())).toList();
    try (TensorSink writer = create(path, specs, metadata)) {
      for (Tensor tensor : tensors) {
        writer.append(tensor.name(), tensor.data());
      }
      writer.finish();
    }
  }
}
