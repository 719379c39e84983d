package dev.farspan.formats.gguf;

import dev.farspan.formats.TensorSink;
import dev.farspan.formats.files.Names;
import dev.farspan.formats.files.NewFile;
import dev.farspan.formats.files.Regions;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes a GGUF file, version 3, whose tensors are known by name, type and shape before their data
/// is: declare them, append to each, then [TensorSink#finish()].
public final class GgufWriter {
  private static final int VERSION = 3;

  private GgufWriter() {}

  /// Starts a file.
  ///
  /// @param path where to; a file of that name is replaced at the end
  /// @param metadata keys and values in order; `general.alignment` among them sets the alignment of
  ///   the tensors, which is 32 without it
  /// @param specs the tensors it is going to hold, in order
  /// @return the file, to be finished and closed
  /// @throws IllegalArgumentException if two tensors have the same name, or the alignment is not a
  ///   power of two
  /// @throws java.io.UncheckedIOException if the file cannot be created
  public static TensorSink create(
      Path path, Map<String, GgufValue> metadata, List<GgufTensorSpec> specs) {
    int alignment = alignment(metadata);
    byte[] header = header(metadata, specs, alignment);
    NewFile file = NewFile.create(path);
    Regions regions = new Regions(file);
    file.write(MemorySegment.ofArray(header), 0);
    long at = header.length;
    for (GgufTensorSpec spec : specs) {
      regions.declare(spec.name(), spec.dtype(), at, spec.bytes());
      long end = GgufHeader.alignUp(at + spec.bytes(), alignment);
      pad(file, at + spec.bytes(), end);
      at = end;
    }
    return regions;
  }

  private static void pad(NewFile file, long from, long to) {
    file.write(MemorySegment.ofArray(new byte[(int) (to - from)]), from);
  }

  /// Writes a file of whole tensors: under a temporary name, made durable, then renamed.
  ///
  /// @param path where to; a file of that name is replaced
  /// @param metadata keys and values in order
  /// @param tensors the tensors in order
  /// @throws IllegalArgumentException if two tensors have the same name, one has more than 4
  ///   extents or a type that GGUF lacks, or the alignment is not a power of two
  /// @throws java.io.UncheckedIOException if it cannot be written; a file of that name is then as
  ///   before
  public static void write(Path path, Map<String, GgufValue> metadata, Collection<Tensor> tensors) {
    List<GgufTensorSpec> specs =
        tensors.stream().map(t -> new GgufTensorSpec(t.name(), t.dtype(), t.shape())).toList();
    try (TensorSink writer = create(path, metadata, specs)) {
      for (Tensor tensor : tensors) {
        writer.append(tensor.name(), tensor.data());
      }
      writer.finish();
    }
  }

  private static byte[] header(
      Map<String, GgufValue> metadata, List<GgufTensorSpec> specs, int alignment) {
    GgufEncoder encoder = new GgufEncoder();
    encoder.putInt(GgufHeader.MAGIC);
    encoder.putInt(VERSION);
    encoder.putLong(specs.size());
    encoder.putLong(metadata.size());
    metadata.forEach(
        (key, value) -> {
          encoder.putString(key);
          encoder.putTyped(value);
        });
    putInfos(encoder, specs, alignment);
    encoder.align(alignment);
    return encoder.toByteArray();
  }

  private static void putInfos(GgufEncoder encoder, List<GgufTensorSpec> specs, int alignment) {
    Set<String> names = new HashSet<>();
    long offset = 0;
    for (GgufTensorSpec spec : specs) {
      if (!names.add(spec.name())) {
        throw new IllegalArgumentException(
            "two tensors are called " + Names.quote(spec.name()) + "; names must differ");
      }
      putInfo(encoder, spec, offset);
      offset = GgufHeader.alignUp(offset + spec.bytes(), alignment);
    }
  }

  private static void putInfo(GgufEncoder encoder, GgufTensorSpec spec, long offset) {
    Shape shape = spec.shape();
    encoder.putString(spec.name());
    encoder.putInt(shape.rank());
    for (int i = shape.rank() - 1; i >= 0; i--) { // innermost first
      encoder.putLong(shape.dim(i));
    }
    encoder.putInt(spec.type().id());
    encoder.putLong(offset);
  }

  private static int alignment(Map<String, GgufValue> metadata) {
    GgufValue value = metadata.get(GgufHeader.ALIGNMENT);
    if (value == null) {
      return GgufHeader.DEFAULT_ALIGNMENT;
    }
    if (value instanceof GgufValue.Int(var type, long alignment)
        && type == GgufValueType.U32
        && alignment <= 1 << 20
        && Long.bitCount(alignment) == 1) {
      return (int) alignment;
    }
    throw new IllegalArgumentException(
        GgufHeader.ALIGNMENT + " must be a U32 power of two up to 2^20, not " + value);
  }
}
