package dev.farspan.formats.gguf;

import java.util.List;

/// A metadata value. It keeps the type it is stored as, so that a file can be written back as it
/// was.
public sealed interface GgufValue
    permits GgufValue.Int,
        GgufValue.Real,
        GgufValue.Bool,
        GgufValue.Text,
        GgufValue.Texts,
        GgufValue.Nested,
        GgufNumbers {
  /// Returns the type it is stored as.
  ///
  /// @return the type; `ARRAY` for every kind of array
  GgufValueType type();

  /// An integer.
  ///
  /// @param type an integer type
  /// @param value its value; a `U64` of 2^63 or more appears negative
  record Int(GgufValueType type, long value) implements GgufValue {
    /// Checks that the type holds the value.
    ///
    /// @throws IllegalArgumentException if it does not
    public Int {
      if (!type.holds(value)) {
        throw new IllegalArgumentException("a GGUF " + type + " cannot hold " + value);
      }
    }
  }

  /// A floating-point number.
  ///
  /// @param type `F32` or `F64`
  /// @param value its value
  record Real(GgufValueType type, double value) implements GgufValue {
    /// Checks that the type is a floating-point type.
    ///
    /// @throws IllegalArgumentException if it is not
    public Real {
      if (!type.isFloat()) {
        throw new IllegalArgumentException("a GGUF " + type + " cannot hold " + value);
      }
    }
  }

  /// A boolean.
  ///
  /// @param value its value
  record Bool(boolean value) implements GgufValue {
    @Override
    public GgufValueType type() {
      return GgufValueType.BOOL;
    }
  }

  /// A string.
  ///
  /// @param value its text
  record Text(String value) implements GgufValue {
    @Override
    public GgufValueType type() {
      return GgufValueType.STRING;
    }
  }

  /// An array of strings.
  ///
  /// @param values the strings
  record Texts(List<String> values) implements GgufValue {
    /// Copies the list.
    public Texts {
      values = List.copyOf(values);
    }

    @Override
    public GgufValueType type() {
      return GgufValueType.ARRAY;
    }
  }

  /// An array of arrays.
  ///
  /// @param values the inner arrays: [Texts], [GgufNumbers] or [Nested]
  record Nested(List<GgufValue> values) implements GgufValue {
    /// Copies the list and checks that its values are arrays.
    ///
    /// @throws IllegalArgumentException if one is not an array
    public Nested {
      values = List.copyOf(values);
      for (GgufValue value : values) {
        if (value.type() != GgufValueType.ARRAY) {
          throw new IllegalArgumentException("a GGUF array of arrays cannot hold " + value);
        }
      }
    }

    @Override
    public GgufValueType type() {
      return GgufValueType.ARRAY;
    }
  }

  /// Returns an unsigned 32-bit integer, the type of most counts.
  ///
  /// @param value 0 to 2^32 - 1
  /// @return the value
  /// @throws IllegalArgumentException if it is outside
  static GgufValue u32(long value) {
    return new Int(GgufValueType.U32, value);
  }

  /// Returns a 32-bit float, the type of most other numbers.
  ///
  /// @param value any number
  /// @return the value
  static GgufValue f32(float value) {
    return new Real(GgufValueType.F32, value);
  }

  /// Returns a boolean.
  ///
  /// @param value any
  /// @return the value
  static GgufValue bool(boolean value) {
    return new Bool(value);
  }

  /// Returns a string.
  ///
  /// @param value any
  /// @return the value
  static GgufValue text(String value) {
    return new Text(value);
  }
}
