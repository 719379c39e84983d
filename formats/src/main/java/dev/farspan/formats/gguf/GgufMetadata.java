package dev.farspan.formats.gguf;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.Names;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The metadata of a GGUF file: an unmodifiable map in the order of the file, with accessors that
/// say what they expected and what they found.
public final class GgufMetadata extends AbstractMap<String, GgufValue> {
  private final String file;
  private final Map<String, GgufValue> values;

  /// @param values in order; owned by this object from here on
  GgufMetadata(String file, Map<String, GgufValue> values) {
    this.file = file;
    this.values = Collections.unmodifiableMap(values);
  }

  /// Returns a string.
  ///
  /// @param key its key
  /// @return the text
  /// @throws FormatException if the key is missing or has another type
  public String text(String key) {
    if (required(key) instanceof GgufValue.Text(String text)) {
      return text;
    }
    throw mistyped(key, "a string");
  }

  /// Returns an integer.
  ///
  /// @param key its key
  /// @return the integer, of whatever width
  /// @throws FormatException if the key is missing or has another type, or is a `U64` of 2^63 or
  ///   more
  public long integer(String key) {
    if (required(key) instanceof GgufValue.Int(GgufValueType type, long value)) {
      if (type == GgufValueType.U64 && value < 0) {
        throw new FormatException(
            file,
            "key " + Names.quote(key) + " is " + Long.toUnsignedString(value) + ", too large");
      }
      return value;
    }
    throw mistyped(key, "an integer");
  }

  /// Returns a number.
  ///
  /// @param key its key
  /// @return the floating-point number, or the integer as one
  /// @throws FormatException if the key is missing or has another type
  public double real(String key) {
    if (required(key) instanceof GgufValue.Real(var type, double value)) {
      return value;
    }
    if (has(key, GgufValue.Int.class)) {
      return integer(key);
    }
    throw mistyped(key, "a number");
  }

  /// Returns a boolean.
  ///
  /// @param key its key
  /// @return the boolean
  /// @throws FormatException if the key is missing or has another type
  public boolean bool(String key) {
    if (required(key) instanceof GgufValue.Bool(boolean value)) {
      return value;
    }
    throw mistyped(key, "a boolean");
  }

  /// Returns an array of strings.
  ///
  /// @param key its key
  /// @return the strings
  /// @throws FormatException if the key is missing or has another type
  public List<String> texts(String key) {
    if (required(key) instanceof GgufValue.Texts(List<String> texts)) {
      return texts;
    }
    throw mistyped(key, "an array of strings");
  }

  /// Returns an array of numbers or booleans.
  ///
  /// @param key its key
  /// @return the numbers
  /// @throws FormatException if the key is missing or has another type
  public GgufNumbers numbers(String key) {
    if (required(key) instanceof GgufNumbers numbers) {
      return numbers;
    }
    throw mistyped(key, "an array of numbers");
  }

  /// Returns whether a key is there with a kind of value.
  ///
  /// @param key the key
  /// @param kind such as `GgufValue.Int.class`
  /// @return true if it is; false if it is missing or has another kind
  public boolean has(String key, Class<? extends GgufValue> kind) {
    return kind.isInstance(values.get(key));
  }

  private GgufValue required(String key) {
    GgufValue value = values.get(key);
    if (value == null) {
      throw new FormatException(
          file, "lacks key " + Names.quote(key) + Names.similar(key, values.keySet()));
    }
    return value;
  }

  private FormatException mistyped(String key, String expected) {
    return new FormatException(
        file, "key %s should be %s but is %s".formatted(Names.quote(key), expected, found(key)));
  }

  private String found(String key) {
    return switch (required(key)) {
      case GgufValue.Int(var type, long value) -> "the " + type + " " + value;
      case GgufValue.Real(var type, double value) -> "the " + type + " " + value;
      case GgufValue.Bool(boolean value) -> "the boolean " + value;
      case GgufValue.Text(String value) -> "the string " + Names.quote(value);
      case GgufValue.Texts(List<String> texts) -> "an array of " + texts.size() + " strings";
      case GgufValue.Nested(List<GgufValue> arrays) -> "an array of " + arrays.size() + " arrays";
      case GgufNumbers numbers -> "an array " + numbers;
    };
  }

  // "exports": the annotation is not needed to use this class
  @Override
  @SuppressWarnings("exports")
  public @Nullable GgufValue get(Object key) {
    return values.get(key);
  }

  @Override
  public boolean containsKey(Object key) {
    return values.containsKey(key);
  }

  @Override
  public Set<Entry<String, GgufValue>> entrySet() {
    return values.entrySet();
  }
}
