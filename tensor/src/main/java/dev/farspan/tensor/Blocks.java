package dev.farspan.tensor;

import java.lang.foreign.MemorySegment;

/// The plain, readable definition of every layout: bytes to floats and floats to bytes. Fast
/// kernels are tested against it.
public final class Blocks {
  private Blocks() {}

  /// Writes `count` elements as floats, dequantised. `I64`, `I32` and `F64` values are rounded to
  /// the nearest float.
  ///
  /// @param dtype how the elements are stored
  /// @param src where they are stored
  /// @param byteOffset where in `src` the first block starts
  /// @param dst where the floats go
  /// @param at index of the first float written
  /// @param count how many elements, a multiple of the block size
  /// @throws IllegalArgumentException if `count` is not whole blocks, or `src` or `dst` is too
  ///   short
  public static void decode(
      DType dtype, MemorySegment src, long byteOffset, float[] dst, int at, int count) {
    check(dtype, src, byteOffset, dst.length, at, count);
    switch (dtype) {
      case F32 -> MemorySegment.copy(src, Layouts.FLOAT, byteOffset, dst, at, count);
      case F16, BF16, F64, I8, I16, I32, I64, U8, BOOL ->
          PlainBlocks.decode(dtype, src, byteOffset, dst, at, count);
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> {
        BlockDecoder decoder = decoder(dtype);
        long from = byteOffset;
        for (int i = 0; i < count; i += dtype.blockSize()) {
          decoder.decode(src, from, dst, at + i);
          from += dtype.blockBytes();
        }
      }
    }
  }

  /// Stores `count` floats as `dtype`. Narrowing to `F16` and `BF16` rounds to nearest even, to
  /// infinity beyond their range; the quantised types round as ggml's reference does.
  ///
  /// @param dtype `F32`, `F16`, `BF16`, `Q8_0`, `Q4_0` or `Q4_1`
  /// @param src the floats
  /// @param at index of the first float
  /// @param count how many, a multiple of the block size
  /// @param dst where the blocks go
  /// @param byteOffset where in `dst` the first block goes
  /// @throws IllegalArgumentException if `dtype` is another, `count` is not whole blocks, `src` or
  ///   `dst` is too short, or a float to quantise is not finite or too large for an F16 scale
  public static void encode(
      DType dtype, float[] src, int at, int count, MemorySegment dst, long byteOffset) {
    check(dtype, dst, byteOffset, src.length, at, count);
    switch (dtype) {
      case F32 -> MemorySegment.copy(src, at, dst, Layouts.FLOAT, byteOffset, count);
      case F16, BF16 -> PlainBlocks.encode(dtype, src, at, count, dst, byteOffset);
      case Q4_0, Q4_1, Q8_0 -> {
        BlockEncoder encoder = encoder(dtype);
        long to = byteOffset;
        for (int i = 0; i < count; i += dtype.blockSize()) {
          encoder.encode(src, at + i, dst, to);
          to += dtype.blockBytes();
        }
      }
      case F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          throw unencodable(dtype);
    }
  }

  /// Decodes the block at a byte offset to floats from an index on.
  @FunctionalInterface
  interface BlockDecoder {
    void decode(MemorySegment src, long from, float[] dst, int at);
  }

  /// Encodes the floats from an index on to the block at a byte offset.
  @FunctionalInterface
  interface BlockEncoder {
    void encode(float[] src, int at, MemorySegment dst, long to);
  }

  private static BlockDecoder decoder(DType dtype) {
    return switch (dtype) {
      case Q4_0 -> SmallBlocks::decodeQ40;
      case Q4_1 -> SmallBlocks::decodeQ41;
      case Q5_0 -> SmallBlocks::decodeQ50;
      case Q5_1 -> SmallBlocks::decodeQ51;
      case Q8_0 -> SmallBlocks::decodeQ80;
      case Q2_K -> SuperBlocks::decodeQ2K;
      case Q3_K -> SuperBlocks::decodeQ3K;
      case Q4_K -> SuperBlocks::decodeQ4K;
      case Q5_K -> SuperBlocks::decodeQ5K;
      case Q6_K -> SuperBlocks::decodeQ6K;
      case F32, F16, BF16, F64, I8, I16, I32, I64, U8, BOOL ->
          throw new IllegalArgumentException(dtype + " has no blocks");
    };
  }

  private static BlockEncoder encoder(DType dtype) {
    return switch (dtype) {
      case Q4_0 -> SmallBlockEncoders::encodeQ40;
      case Q4_1 -> SmallBlockEncoders::encodeQ41;
      case Q8_0 -> SmallBlockEncoders::encodeQ80;
      case F32, F16, BF16, F64, I8, I16, I32, I64, U8, BOOL -> throw unencodable(dtype);
      case Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> throw unencodable(dtype);
    };
  }

  private static IllegalArgumentException unencodable(DType dtype) {
    return new IllegalArgumentException(
        "floats cannot be stored as " + dtype + "; use F32, F16, BF16, Q8_0, Q4_0 or Q4_1");
  }

  private static void check(
      DType dtype, MemorySegment segment, long byteOffset, int floats, int at, int count) {
    long bytes = dtype.bytes(count);
    if (byteOffset < 0 || byteOffset > segment.byteSize() - bytes) {
      throw new IllegalArgumentException(
          "%d elements of %s at byte %d are not within %d bytes"
              .formatted(count, dtype, byteOffset, segment.byteSize()));
    }
    if (at < 0 || at > floats - count) {
      throw new IllegalArgumentException(
          "%d floats at index %d are not within an array of %d".formatted(count, at, floats));
    }
  }
}
