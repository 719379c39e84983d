package dev.farspan.export;

import dev.farspan.formats.TensorSink;
import dev.farspan.tensor.Blocks;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// Writes tensors piece by piece: a model need not fit into memory.
final class TensorCopy {
  /// Elements of a piece: some tens of MB, many rows of any model.
  private static final int PIECE = 1 << 22;

  /// Largest finite number of 16 bits (IEEE 754 binary16).
  private static final float LARGEST_F16 = 65504;

  private final OutTensor tensor;
  private final TensorSink sink;
  private final LongConsumer written;

  private TensorCopy(OutTensor tensor, TensorSink sink, LongConsumer written) {
    this.tensor = tensor;
    this.sink = sink;
    this.written = written;
  }

  /// Writes one tensor.
  ///
  /// @param written told of the bytes of every piece
  static void copy(OutTensor tensor, TensorSink sink, LongConsumer written) {
    TensorCopy copy = new TensorCopy(tensor, sink, written);
    if (tensor.isCopy()) {
      copy.copyBytes();
    } else if (tensor.shape().rank() < 2) {
      copy.copyVector();
    } else {
      copy.copyRows();
    }
  }

  private void append(MemorySegment bytes) {
    sink.append(tensor.name(), bytes);
    written.accept(bytes.byteSize());
  }

  private void copyBytes() {
    MemorySegment data = tensor.source().data();
    for (long at = 0; at < data.byteSize(); at += 4L * PIECE) {
      append(data.asSlice(at, Math.min(4L * PIECE, data.byteSize() - at)));
    }
  }

  private void copyVector() {
    float[] source = tensor.source().toFloats();
    float[] values = new float[source.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = source[tensor.order().source(i)] + tensor.shift();
    }
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) tensor.bytes()]);
    encode(values, bytes, 0);
    append(bytes);
  }

  private void copyRows() {
    Tensor source = tensor.source();
    int rows = Math.toIntExact(source.rows());
    int step = (int) Math.max(1, PIECE / source.cols());
    for (int from = 0; from < rows; from += step) {
      append(rows(from, Math.min(rows, from + step)));
    }
  }

  /// Rows do not depend on each other, so all processors work on a piece.
  private MemorySegment rows(int from, int to) {
    Tensor source = tensor.source();
    int columns = Math.toIntExact(source.cols());
    long rowBytes = tensor.dtype().bytes(columns);
    MemorySegment piece = MemorySegment.ofArray(new byte[Math.toIntExact((to - from) * rowBytes)]);
    IntStream.range(from, to)
        .parallel()
        .forEach(row -> copyRow(tensor.order().source(row), piece, (row - from) * rowBytes));
    return piece;
  }

  private void copyRow(int row, MemorySegment to, long at) {
    Tensor source = tensor.source();
    if (tensor.dtype() == source.dtype() && tensor.shift() == 0) {
      MemorySegment.copy(
          source.data(), row * source.rowBytes(), to, at, source.rowBytes()); // as it is
      return;
    }
    float[] values = new float[(int) source.cols()];
    source.copyRow(row, values, 0);
    encode(values, to, at);
  }

  private void encode(float[] values, MemorySegment to, long at) {
    try {
      requireRange(values);
      Blocks.encode(tensor.dtype(), values, 0, values.length, to, at);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "tensor '%s' can't be stored as %s: %s; take another --type"
              .formatted(tensor.source().name(), tensor.dtype(), e.getMessage()),
          e);
    }
  }

  private void requireRange(float[] values) {
    if (tensor.dtype() != DType.F16) {
      return;
    }
    for (float value : values) {
      if (Math.abs(value) > LARGEST_F16) {
        throw new IllegalArgumentException("it has the value " + value);
      }
    }
  }
}
