package dev.farspan.formats.gguf;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.farspan.formats.files.Names;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// Spells a header.
final class GgufEncoder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(LITTLE_ENDIAN);

  byte[] toByteArray() {
    return out.toByteArray();
  }

  void putInt(int value) {
    number.clear().putInt(value);
    putNumber();
  }

  void putLong(long value) {
    number.clear().putLong(value);
    putNumber();
  }

  void putString(String text) {
    byte[] bytes = Names.utf8(text);
    putLong(bytes.length);
    out.writeBytes(bytes);
  }

  void align(int alignment) {
    out.writeBytes(new byte[(int) (GgufHeader.alignUp(out.size(), alignment) - out.size())]);
  }

  /// A type and a value.
  void putTyped(GgufValue value) {
    putInt(value.type().id());
    put(value);
  }

  private void put(GgufValue value) {
    switch (value) {
      case GgufValue.Int integer -> {
        GgufBytes.putInteger(number.clear(), integer);
        putNumber();
      }
      case GgufValue.Real(var type, double real) when type == GgufValueType.F64 ->
          putLong(Double.doubleToRawLongBits(real));
      case GgufValue.Real(var type, double real) -> putInt(Float.floatToRawIntBits((float) real));
      case GgufValue.Bool(boolean bool) -> out.write(bool ? 1 : 0);
      case GgufValue.Text(String text) -> putString(text);
      case GgufValue.Texts(List<String> texts) -> {
        putArray(GgufValueType.STRING, texts.size());
        texts.forEach(this::putString);
      }
      case GgufValue.Nested(List<GgufValue> arrays) -> {
        putArray(GgufValueType.ARRAY, arrays.size());
        arrays.forEach(this::put);
      }
      case GgufNumbers numbers -> {
        putArray(numbers.elementType(), numbers.size());
        out.writeBytes(numbers.raw());
      }
    }
  }

  private void putArray(GgufValueType elements, int count) {
    putInt(elements.id());
    putLong(count);
  }

  private void putNumber() {
    out.write(number.array(), 0, number.position());
  }
}
