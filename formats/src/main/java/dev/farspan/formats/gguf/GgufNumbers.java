package dev.farspan.formats.gguf;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/// An array of numbers or booleans. It takes as many bytes as in the file, so that a file cannot
/// ask for more memory than it has bytes.
public final class GgufNumbers implements GgufValue {
  private final GgufValueType elementType;
  private final byte[] raw;

  GgufNumbers(GgufValueType elementType, byte[] raw) {
    this.elementType = elementType;
    this.raw = raw;
  }

  /// Returns an array of integers.
  ///
  /// @param elementType an integer type
  /// @param values the integers
  /// @return the array
  /// @throws IllegalArgumentException if the type does not hold a value
  public static GgufNumbers ofIntegers(GgufValueType elementType, long... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(values.length, elementType.bytes()))
            .order(LITTLE_ENDIAN);
    for (long value : values) {
      GgufBytes.putInteger(buffer, new Int(elementType, value));
    }
    return new GgufNumbers(elementType, buffer.array());
  }

  /// Returns an array of 32-bit floats.
  ///
  /// @param values the floats
  /// @return the array
  public static GgufNumbers ofFloats(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES)).order(LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return new GgufNumbers(GgufValueType.F32, buffer.array());
  }

  @Override
  public GgufValueType type() {
    return GgufValueType.ARRAY;
  }

  /// Returns the type of the elements.
  ///
  /// @return a type of numbers, or `BOOL`
  public GgufValueType elementType() {
    return elementType;
  }

  /// Returns how many elements there are.
  ///
  /// @return the length
  public int size() {
    return raw.length / elementType.bytes();
  }

  /// Returns one element as an integer: 0 or 1 for a boolean, the bits of a `U64`.
  ///
  /// @param index which
  /// @return its value
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the elements are floats
  public long integer(int index) {
    if (elementType.isFloat()) {
      throw new IllegalArgumentException("elements of type " + elementType + " are not integers");
    }
    return GgufBytes.integer(elementType, buffer(), at(index));
  }

  /// Returns one element as a floating-point number.
  ///
  /// @param index which
  /// @return its value
  /// @throws IndexOutOfBoundsException if there is no such element
  public double real(int index) {
    return switch (elementType) {
      case F32 -> buffer().getFloat(at(index));
      case F64 -> buffer().getDouble(at(index));
      case U8, I8, U16, I16, U32, I32, U64, I64, BOOL, STRING, ARRAY -> integer(index);
    };
  }

  byte[] raw() {
    return raw;
  }

  private int at(int index) {
    return Objects.checkIndex(index, size()) * elementType.bytes();
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(raw).order(LITTLE_ENDIAN);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GgufNumbers numbers
        && elementType == numbers.elementType
        && Arrays.equals(raw, numbers.raw);
  }

  @Override
  public int hashCode() {
    return 31 * elementType.hashCode() + Arrays.hashCode(raw);
  }

  /// Returns the type and length, such as `I32[49152]`.
  @Override
  public String toString() {
    return elementType + "[" + size() + "]";
  }
}
