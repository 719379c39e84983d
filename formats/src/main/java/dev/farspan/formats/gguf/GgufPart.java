package dev.farspan.formats.gguf;

import dev.farspan.formats.files.MappedFile;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Supplier;

/// One file of a model: its mapping and its header.
record GgufPart(MappedFile mapped, GgufHeader header) {
  static GgufPart open(Path path) {
    MappedFile mapped = MappedFile.open(path);
    return closingOnFailure(
        mapped, () -> new GgufPart(mapped, GgufHeader.read(mapped.bytes(), path.toString())));
  }

  static <T> T closingOnFailure(MappedFile mapped, Supplier<T> work) {
    boolean done = false;
    try {
      T result = work.get();
      done = true;
      return result;
    } finally {
      if (!done) {
        mapped.close();
      }
    }
  }

  /// A view of a tensor whose type is readable.
  Tensor tensor(GgufTensorInfo info) {
    MemorySegment data =
        info.bytes() == 0
            ? MemorySegment.NULL
            : mapped.bytes().asSlice(header.dataOffset() + info.offset(), info.bytes());
    return new Tensor(info.name(), info.type().dtype().orElseThrow(), info.shape(), data);
  }
}
