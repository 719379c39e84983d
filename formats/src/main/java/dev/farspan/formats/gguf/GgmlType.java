package dev.farspan.formats.gguf;

import dev.farspan.tensor.DType;
import java.util.Optional;

/// The types of tensors in GGUF files (`enum ggml_type`), those that Farspan reads and those it
/// only knows by name and size.
public enum GgmlType {
  /// IEEE 754 binary32.
  F32(0, DType.F32),
  /// IEEE 754 binary16.
  F16(1, DType.F16),
  /// 4 bits and a scale.
  Q4_0(2, DType.Q4_0),
  /// 4 bits, a scale and a minimum.
  Q4_1(3, DType.Q4_1),
  /// 5 bits and a scale.
  Q5_0(6, DType.Q5_0),
  /// 5 bits, a scale and a minimum.
  Q5_1(7, DType.Q5_1),
  /// 8 bits and a scale.
  Q8_0(8, DType.Q8_0),
  /// 2 bits in groups of 16.
  Q2_K(10, DType.Q2_K),
  /// 3 bits in groups of 16.
  Q3_K(11, DType.Q3_K),
  /// 4 bits in groups of 32.
  Q4_K(12, DType.Q4_K),
  /// 5 bits in groups of 32.
  Q5_K(13, DType.Q5_K),
  /// 6 bits in groups of 16.
  Q6_K(14, DType.Q6_K),
  /// Code book of 2.06 bits; not read.
  IQ2_XXS(16, 256, 66),
  /// Code book of 2.31 bits; not read.
  IQ2_XS(17, 256, 74),
  /// Code book of 3.06 bits; not read.
  IQ3_XXS(18, 256, 98),
  /// Code book of 1.56 bits; not read.
  IQ1_S(19, 256, 50),
  /// 4 bits, not linear; not read.
  IQ4_NL(20, 32, 18),
  /// Code book of 3.44 bits; not read.
  IQ3_S(21, 256, 110),
  /// Code book of 2.56 bits; not read.
  IQ2_S(22, 256, 82),
  /// 4 bits, not linear, in groups; not read.
  IQ4_XS(23, 256, 136),
  /// Signed 8-bit integer.
  I8(24, DType.I8),
  /// Signed 16-bit integer.
  I16(25, DType.I16),
  /// Signed 32-bit integer.
  I32(26, DType.I32),
  /// Signed 64-bit integer.
  I64(27, DType.I64),
  /// IEEE 754 binary64.
  F64(28, DType.F64),
  /// Code book of 1.75 bits; not read.
  IQ1_M(29, 256, 56),
  /// Upper half of a binary32.
  BF16(30, DType.BF16),
  /// Ternary, 1.69 bits; not read.
  TQ1_0(34, 256, 54),
  /// Ternary, 2.06 bits; not read.
  TQ2_0(35, 256, 66),
  /// 4-bit floats with a shared exponent; not read.
  MXFP4(39, 32, 17);

  private final int id;
  private final int blockSize;
  private final int blockBytes;
  private final Optional<DType> dtype;

  GgmlType(int id, DType dtype) {
    this.id = id;
    this.blockSize = dtype.blockSize();
    this.blockBytes = dtype.blockBytes();
    this.dtype = Optional.of(dtype);
  }

  GgmlType(int id, int blockSize, int blockBytes) {
    this.id = id;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
    this.dtype = Optional.empty();
  }

  /// Returns the type with this id.
  ///
  /// @param id the number in the file
  /// @return the type, or nothing if the id is not known
  static Optional<GgmlType> withId(int id) {
    for (GgmlType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// Returns the type that stores elements of a tensor type.
  ///
  /// @param dtype the tensor's type
  /// @return the type, or nothing if GGUF has none
  static Optional<GgmlType> of(DType dtype) {
    for (GgmlType type : values()) {
      if (type.dtype.isPresent() && type.dtype.get() == dtype) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// Returns the tensor type that reads it.
  ///
  /// @return the type, or nothing if tensors of this type are not read
  public Optional<DType> dtype() {
    return dtype;
  }

  int id() {
    return id;
  }

  int blockSize() {
    return blockSize;
  }

  int blockBytes() {
    return blockBytes;
  }
}
