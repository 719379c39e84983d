package dev.farspan.bench;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.farspan.tensor.Blocks;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// Seeded inputs.
final class Inputs {
  static final int HIDDEN = 576;
  static final int INTERMEDIATE = 1536;
  static final int HEADS = 9;
  static final int KV_HEADS = 3;
  static final int HEAD_DIM = 64;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Inputs() {}

  /// Normally distributed numbers.
  static float[] floats(Random random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /// A matrix (n, k) of any type that a model may be stored in, in mapped memory as a model's is.
  static Tensor weights(Random random, DType dtype, int n, int k) {
    MemorySegment data = mapped(dtype.bytes((long) n * k));
    switch (dtype) {
      case F32, F16, BF16, Q8_0, Q4_0, Q4_1 ->
          Blocks.encode(dtype, floats(random, n * k), 0, n * k, data, 0);
      case Q4_K -> anyBlocks(random, dtype, data, 0, 2);
      case Q6_K -> anyBlocks(random, dtype, data, 208);
      case I8, U8, BOOL, I16, I32, I64, F64, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K ->
          throw new IllegalArgumentException(dtype + " is not among the benchmarks");
    }
    return new Tensor("w", dtype, Shape.of(n, k), data);
  }

  private static MemorySegment mapped(long size) {
    try {
      Path file = Files.createTempFile("weights", null);
      try (FileChannel channel = FileChannel.open(file, READ, WRITE, DELETE_ON_CLOSE)) {
        return channel.map(MapMode.READ_WRITE, 0, size, Arena.ofAuto());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Any bytes are a valid block once its F16 scales, at these offsets, are ordinary numbers.
  private static void anyBlocks(Random random, DType dtype, MemorySegment data, int... scales) {
    byte[] bytes = new byte[Math.toIntExact(data.byteSize())];
    random.nextBytes(bytes);
    MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
    for (long block = 0; block < data.byteSize(); block += dtype.blockBytes()) {
      for (int at : scales) {
        data.set(SHORT, block + at, Float.floatToFloat16(0.001f + 0.01f * random.nextFloat()));
      }
    }
  }
}
