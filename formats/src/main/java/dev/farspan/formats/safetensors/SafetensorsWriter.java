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
/// declare them, append to each (in any order, in pieces of any size), then [#finish()].
public final class SafetensorsWriter implements TensorSink {
  private final NewFile file;
  private final Regions regions;

  private SafetensorsWriter(NewFile file) {
    this.file = file;
    this.regions = new Regions(file);
  }

  /// Starts a file.
  ///
  /// @param path where to; a file of that name is replaced at the end
  /// @param specs the tensors it is going to hold
  /// @param metadata free-form `__metadata__`; may be empty
  /// @return the writer, to be finished and closed
  /// @throws IllegalArgumentException if two tensors have the same name, or one the name
  ///   `__metadata__`
  /// @throws java.io.UncheckedIOException if the file cannot be created
  public static SafetensorsWriter create(
      Path path, List<TensorSpec> specs, Map<String, String> metadata) {
    SafetensorsLayout layout = SafetensorsLayout.of(specs, metadata);
    SafetensorsWriter writer = new SafetensorsWriter(NewFile.create(path));
    writer.file.write(MemorySegment.ofArray(layout.header()), 0);
    for (TensorSpec spec : specs) {
      long at = layout.header().length + layout.offset(spec.name());
      writer.regions.declare(spec.name(), spec.dtype(), at, spec.bytes());
    }
    return writer;
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
    try (SafetensorsWriter writer = create(path, specs, metadata)) {
      for (Tensor tensor : tensors) {
        writer.append(tensor.name(), tensor.data());
      }
      writer.finish();
    }
  }

  /// Returns how many bytes a file will take.
  ///
  /// @param specs the tensors it is going to hold
  /// @param metadata free-form `__metadata__`; may be empty
  /// @return its size
  /// @throws IllegalArgumentException as [#create] does
  public static long bytes(List<TensorSpec> specs, Map<String, String> metadata) {
    long data = specs.stream().mapToLong(TensorSpec::bytes).sum();
    return SafetensorsLayout.of(specs, metadata).header().length + data;
  }

  @Override
  public void append(String name, MemorySegment data) {
    regions.append(name, data);
  }

  @Override
  public void append(String name, float[] values, int from, int count) {
    regions.append(name, values, from, count);
  }

  @Override
  public void finish() {
    regions.requireFull();
    file.commit();
  }

  @Override
  public void close() {
    file.close();
  }
}
