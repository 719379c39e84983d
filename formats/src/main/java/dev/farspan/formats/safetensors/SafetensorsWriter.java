package dev.farspan.formats.safetensors;

import dev.farspan.formats.files.Names;
import dev.farspan.formats.files.NewFile;
import dev.farspan.tensor.Blocks;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes a safetensors file whose tensors are known by name, type and shape before their data is:
/// declare them, append to each (in any order, in pieces of any size), then [#finish()]. The file
/// has a temporary name until it is finished; closing it unfinished deletes it.
public final class SafetensorsWriter implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final NewFile file;
  private final Map<String, Open> open = new HashMap<>();

  /// A tensor being appended to: the bytes still missing are `[at, end)` of the file.
  private static final class Open {
    private final TensorSpec spec;
    private final long end;
    private long at;

    private Open(TensorSpec spec, long at) {
      this.spec = spec;
      this.at = at;
      this.end = at + spec.bytes();
    }
  }

  private SafetensorsWriter(NewFile file) {
    this.file = file;
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
      writer.open.put(spec.name(), new Open(spec, at));
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

  /// Appends bytes to a tensor.
  ///
  /// @param name the tensor's name
  /// @param data its next bytes
  /// @throws IllegalArgumentException if it was not declared, or these are more than it still needs
  /// @throws java.io.UncheckedIOException if they cannot be written
  public void append(String name, MemorySegment data) {
    Open tensor = declared(name, data.byteSize());
    file.write(data, tensor.at);
    tensor.at += data.byteSize();
  }

  /// Appends floats to a tensor, stored as its type.
  ///
  /// @param name the tensor's name
  /// @param values holds its next values
  /// @param from index of the first
  /// @param count how many
  /// @throws IllegalArgumentException if it was not declared, these are more than it still needs,
  ///   or its type is not F32, F16 or BF16
  /// @throws java.io.UncheckedIOException if they cannot be written
  public void append(String name, float[] values, int from, int count) {
    TensorSpec spec = declared(name, 0).spec;
    declared(name, spec.dtype().bytes(count));
    int width = spec.dtype().blockBytes();
    MemorySegment bytes = MemorySegment.ofArray(new byte[Math.min(count, CHUNK) * width]);
    for (int done = 0; done < count; done += CHUNK) {
      int size = Math.min(CHUNK, count - done);
      Blocks.encode(spec.dtype(), values, from + done, size, bytes, 0);
      append(name, bytes.asSlice(0, (long) size * width));
    }
  }

  private Open declared(String name, long bytes) {
    Open tensor = open.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "tensor " + Names.quote(name) + " was not declared" + Names.similar(name, open.keySet()));
    }
    if (bytes > tensor.end - tensor.at) {
      throw new IllegalArgumentException(
          "tensor %s needs %d more bytes, not %d"
              .formatted(Names.quote(name), tensor.end - tensor.at, bytes));
    }
    return tensor;
  }

  /// Makes the file durable and gives it its name.
  ///
  /// @throws IllegalStateException if a tensor lacks data
  /// @throws java.io.UncheckedIOException if that fails; a file of that name is then as before
  public void finish() {
    for (Open tensor : open.values()) {
      if (tensor.at != tensor.end) {
        throw new IllegalStateException(
            "tensor %s lacks %d bytes"
                .formatted(Names.quote(tensor.spec.name()), tensor.end - tensor.at));
      }
    }
    file.commit();
  }

  /// Deletes the temporary file unless it was finished.
  @Override
  public void close() {
    file.close();
  }
}
