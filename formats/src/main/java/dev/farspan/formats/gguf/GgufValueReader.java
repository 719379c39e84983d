package dev.farspan.formats.gguf;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.farspan.formats.files.Names;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Reads metadata values.
final class GgufValueReader {
  /// No known writer nests at all.
  private static final int DEEPEST = 4;

  private final GgufCursor cursor;

  GgufValueReader(GgufCursor cursor) {
    this.cursor = cursor;
  }

  GgufValue read(String key) {
    String what = "the value of " + Names.quote(key);
    GgufValueType type = readType(what);
    return switch (type) {
      case U8, I8, U16, I16, U32, I32, U64, I64 ->
          new GgufValue.Int(type, GgufBytes.integer(type, readNumber(type, what), 0));
      case F32 -> new GgufValue.Real(type, readNumber(type, what).getFloat(0));
      case F64 -> new GgufValue.Real(type, readNumber(type, what).getDouble(0));
      case BOOL -> {
        byte[] value = cursor.readBytes(1, what);
        checkBooleans(value, what);
        yield new GgufValue.Bool(value[0] == 1);
      }
      case STRING -> new GgufValue.Text(cursor.readString(what));
      case ARRAY -> readArray(what, 1);
    };
  }

  private GgufValue readArray(String what, int depth) {
    if (depth > DEEPEST) {
      throw cursor.failure(what + " has arrays nested more than " + DEEPEST + " deep");
    }
    cursor.countObjects(1);
    GgufValueType type = readType(what);
    int count = cursor.readCount(type.bytes(), what);
    return switch (type) {
      case STRING -> new GgufValue.Texts(readStrings(what, count));
      case ARRAY -> new GgufValue.Nested(readArrays(what, count, depth + 1));
      case BOOL -> {
        byte[] raw = cursor.readBytes(count, what);
        checkBooleans(raw, what);
        yield new GgufNumbers(type, raw);
      }
      case U8, I8, U16, I16, U32, I32, F32, U64, I64, F64 ->
          new GgufNumbers(type, cursor.readBytes((long) count * type.bytes(), what));
    };
  }

  private List<String> readStrings(String what, int count) {
    List<String> texts = new ArrayList<>(Math.min(count, 1 << 16)); // the rest as they come
    for (int i = 0; i < count; i++) {
      texts.add(cursor.readString(what));
    }
    return texts;
  }

  private List<GgufValue> readArrays(String what, int count, int depth) {
    List<GgufValue> arrays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arrays.add(readArray(what, depth));
    }
    return arrays;
  }

  private GgufValueType readType(String what) {
    int id = cursor.readInt(what);
    return GgufValueType.withId(id)
        .orElseThrow(
            () ->
                cursor.failure(
                    "%s has type number %s, which is not known"
                        .formatted(what, Integer.toUnsignedString(id))));
  }

  private ByteBuffer readNumber(GgufValueType type, String what) {
    return ByteBuffer.wrap(cursor.readBytes(type.bytes(), what)).order(LITTLE_ENDIAN);
  }

  private void checkBooleans(byte[] values, String what) {
    for (byte value : values) {
      if (value != 0 && value != 1) {
        throw cursor.failure(what + " is the boolean " + value + ", neither 0 nor 1");
      }
    }
  }
}
