package dev.farspan.formats.gguf;

import java.util.Optional;

/// The types of metadata values (`enum gguf_type`).
public enum GgufValueType {
  /// Unsigned 8-bit integer.
  U8(0, 1),
  /// Signed 8-bit integer.
  I8(1, 1),
  /// Unsigned 16-bit integer.
  U16(2, 2),
  /// Signed 16-bit integer.
  I16(3, 2),
  /// Unsigned 32-bit integer.
  U32(4, 4),
  /// Signed 32-bit integer.
  I32(5, 4),
  /// IEEE 754 binary32.
  F32(6, 4),
  /// One byte, 0 or 1.
  BOOL(7, 1),
  /// A length and UTF-8 text.
  STRING(8, 8),
  /// An element type, a length and elements.
  ARRAY(9, 12),
  /// Unsigned 64-bit integer.
  U64(10, 8),
  /// Signed 64-bit integer.
  I64(11, 8),
  /// IEEE 754 binary64.
  F64(12, 8);

  private final int id;
  private final int bytes;

  GgufValueType(int id, int bytes) {
    this.id = id;
    this.bytes = bytes;
  }

  static Optional<GgufValueType> withId(int id) {
    for (GgufValueType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  int id() {
    return id;
  }

  /// The bytes of a number or boolean; the least bytes of a string or array.
  int bytes() {
    return bytes;
  }

  boolean isFloat() {
    return this == F32 || this == F64;
  }

  boolean isInteger() {
    return switch (this) {
      case U8, I8, U16, I16, U32, I32, U64, I64 -> true;
      case F32, F64, BOOL, STRING, ARRAY -> false;
    };
  }

  /// Whether an integer can be stored: a `U64` holds the 64 bits of any `long`.
  boolean holds(long value) {
    return switch (this) {
      case U8 -> value >= 0 && value <= 0xff;
      case I8 -> value == (byte) value;
      case U16 -> value >= 0 && value <= 0xffff;
      case I16 -> value == (short) value;
      case U32 -> value >= 0 && value <= 0xffff_ffffL;
      case I32 -> value == (int) value;
      case U64, I64 -> true;
      case F32, F64, BOOL, STRING, ARRAY -> false;
    };
  }
}
