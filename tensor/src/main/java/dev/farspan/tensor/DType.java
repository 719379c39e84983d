package dev.farspan.tensor;

/// How the elements of a tensor are stored. Plain types hold one element per block; quantised types
/// hold 32 or 256 elements per block that share scales. All are little-endian.
///
/// The quantised layouts are those of ggml (`ggml/src/ggml-common.h`); [Blocks] spells each out.
public enum DType {
  /// IEEE 754 binary32.
  F32(1, 4),
  /// IEEE 754 binary16.
  F16(1, 2),
  /// The upper half of a binary32.
  BF16(1, 2),
  /// IEEE 754 binary64.
  F64(1, 8),
  /// Signed 8-bit integer.
  I8(1, 1),
  /// Signed 16-bit integer.
  I16(1, 2),
  /// Signed 32-bit integer.
  I32(1, 4),
  /// Signed 64-bit integer.
  I64(1, 8),
  /// Unsigned 8-bit integer.
  U8(1, 1),
  /// One byte, 0 or 1.
  BOOL(1, 1),
  /// 32 4-bit values around 8 and a scale.
  Q4_0(32, 18),
  /// 32 4-bit values, a scale and a minimum.
  Q4_1(32, 20),
  /// 32 5-bit values around 16 and a scale.
  Q5_0(32, 22),
  /// 32 5-bit values, a scale and a minimum.
  Q5_1(32, 24),
  /// 32 8-bit values and a scale.
  Q8_0(32, 34),
  /// 256 2-bit values in 16 groups with 4-bit scales and minima.
  Q2_K(256, 84),
  /// 256 3-bit values in 16 groups with 6-bit scales.
  Q3_K(256, 110),
  /// 256 4-bit values in 8 groups with 6-bit scales and minima.
  Q4_K(256, 144),
  /// 256 5-bit values in 8 groups with 6-bit scales and minima.
  Q5_K(256, 176),
  /// 256 6-bit values in 16 groups with 8-bit scales.
  Q6_K(256, 210);

  private final int blockSize;
  private final int blockBytes;

  DType(int blockSize, int blockBytes) {
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /// Returns how many elements one block holds.
  ///
  /// @return 1 for a plain type, 32 or 256 for a quantised one
  public int blockSize() {
    return blockSize;
  }

  /// Returns how many bytes one block takes.
  ///
  /// @return bytes per block
  public int blockBytes() {
    return blockBytes;
  }

  /// Returns whether several elements share one block.
  ///
  /// @return true for the `Q` types
  public boolean isQuantized() {
    return blockSize > 1;
  }

  /// Returns how many bytes this many elements take.
  ///
  /// @param elements a multiple of [#blockSize()], at least 0
  /// @return bytes
  /// @throws IllegalArgumentException if `elements` is negative, is not a multiple of the block
  ///   size, or takes more bytes than a `long` can count
  public long bytes(long elements) {
    if (elements < 0 || elements % blockSize != 0) {
      throw new IllegalArgumentException(
          elements + " elements cannot be stored as " + this + ": blocks hold " + blockSize);
    }
    long blocks = elements / blockSize;
    if (blocks > Long.MAX_VALUE / blockBytes) {
      throw new IllegalArgumentException(
          elements + " elements of " + this + " take more bytes than can be counted");
    }
    return blocks * blockBytes;
  }
}
