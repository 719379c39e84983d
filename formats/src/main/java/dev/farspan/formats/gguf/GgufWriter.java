package dev.farspan.formats.gguf;

import dev.farspan.formats.files.Names;
import dev.farspan.formats.files.NewFile;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Writes GGUF files, version 3.
public final class GgufWriter {
  private static final int VERSION = 3;

  private GgufWriter() {}

  /// Writes a file: under a temporary name, made durable, then renamed.
  ///
  /// @param path where to; a file of that name is replaced
  /// @param metadata keys and values in order; `general.alignment` among them sets the alignment of
  ///   the tensors, which is 32 without it
  /// @param tensors the tensors in order
  /// @throws IllegalArgumentException if two tensors have the same name, one has more than 4
  ///   extents or a type that GGUF lacks, or the alignment is not a power of two
  /// @throws java.io.UncheckedIOException if it cannot be written; a file of that name is then as
  ///   before
  public static void write(Path path, Map<String, GgufValue> metadata, Collection<Tensor> tensors) {
    int alignment = alignment(metadata);
    byte[] header = header(metadata, tensors, alignment);
    try (NewFile file = NewFile.create(path)) {
      file.write(MemorySegment.ofArray(header), 0);
      long position = header.length;
      for (Tensor tensor : tensors) {
        file.write(tensor.data(), position);
        position += tensor.data().byteSize();
        long end = GgufHeader.alignUp(position, alignment);
        file.write(MemorySegment.ofArray(new byte[(int) (end - position)]), position);
        position = end;
      }
      file.commit();
    }
  }

  private static byte[] header(
      Map<String, GgufValue> metadata, Collection<Tensor> tensors, int alignment) {
    GgufEncoder encoder = new GgufEncoder();
    encoder.putInt(GgufHeader.MAGIC);
    encoder.putInt(VERSION);
    encoder.putLong(tensors.size());
    encoder.putLong(metadata.size());
    metadata.forEach(
        (key, value) -> {
          encoder.putString(key);
          encoder.putTyped(value);
        });
    putInfos(encoder, tensors, alignment);
    encoder.align(alignment);
    return encoder.toByteArray();
  }

  private static void putInfos(GgufEncoder encoder, Collection<Tensor> tensors, int alignment) {
    Set<String> names = new HashSet<>();
    long offset = 0;
    for (Tensor tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "two tensors are called " + Names.quote(tensor.name()) + "; names must differ");
      }
      putInfo(encoder, tensor, offset);
      offset = GgufHeader.alignUp(offset + tensor.data().byteSize(), alignment);
    }
  }

  private static void putInfo(GgufEncoder encoder, Tensor tensor, long offset) {
    Shape shape = tensor.shape();
    if (shape.rank() > GgufHeader.MOST_DIMS) {
      throw new IllegalArgumentException(
          "tensor %s %s has more extents than the 4 that GGUF allows"
              .formatted(Names.quote(tensor.name()), shape));
    }
    GgmlType type =
        GgmlType.of(tensor.dtype())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "tensor %s has type %s, which GGUF lacks"
                            .formatted(Names.quote(tensor.name()), tensor.dtype())));
    encoder.putString(tensor.name());
    encoder.putInt(shape.rank());
    for (int i = shape.rank() - 1; i >= 0; i--) { // innermost first
      encoder.putLong(shape.dim(i));
    }
    encoder.putInt(type.id());
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
