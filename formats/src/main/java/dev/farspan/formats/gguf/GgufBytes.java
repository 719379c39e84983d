package dev.farspan.formats.gguf;

import java.nio.ByteBuffer;

/// Integers of every width to and from little-endian buffers.
final class GgufBytes {
  private GgufBytes() {}

  static long integer(GgufValueType type, ByteBuffer buffer, int at) {
    return switch (type) {
      case U8 -> buffer.get(at) & 0xff;
      case I8, BOOL -> buffer.get(at);
      case U16 -> buffer.getShort(at) & 0xffff;
      case I16 -> buffer.getShort(at);
      case U32 -> buffer.getInt(at) & 0xffff_ffffL;
      case I32 -> buffer.getInt(at);
      case U64, I64 -> buffer.getLong(at);
      case F32, F64, STRING, ARRAY ->
          throw new IllegalArgumentException("a GGUF " + type + " is not an integer");
    };
  }

  static void putInteger(ByteBuffer buffer, GgufValue.Int integer) {
    long value = integer.value();
    switch (integer.type()) {
      case U8, I8 -> buffer.put((byte) value);
      case U16, I16 -> buffer.putShort((short) value);
      case U32, I32 -> buffer.putInt((int) value);
      case U64, I64 -> buffer.putLong(value);
      case F32, F64, BOOL, STRING, ARRAY ->
          throw new IllegalArgumentException("a GGUF " + integer.type() + " is not an integer");
    }
  }
}
