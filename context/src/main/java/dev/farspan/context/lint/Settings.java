package dev.farspan.context.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A JSON object that remembers which of its keys were read, so that none is ignored.
///
/// A value of the wrong kind becomes an error in the [Findings] and reads as missing; so does, in
/// the end, every key that nobody read. An explicit `null` reads as missing too, as in
/// transformers.
@SuppressWarnings("exports") // the annotation in a signature is not needed to use this class
public final class Settings {
  private final String path;
  private final Map<String, ? extends @Nullable Object> values;
  private final Map<String, ?> defaults;
  private final Findings findings;
  private final Set<String> read = new HashSet<>();

  private Settings(
      String path,
      Map<String, ? extends @Nullable Object> values,
      Map<String, ?> defaults,
      Findings findings) {
    this.path = path;
    this.values = values;
    this.defaults = defaults;
    this.findings = findings;
  }

  /// Returns the settings of a whole configuration.
  ///
  /// @param values keys and values: `String`, `Number`, `Boolean`, `List`, `Map` or null
  /// @param defaults values of keys that are absent (an explicit null is not absent)
  /// @param findings takes what is found
  /// @return the settings
  public static Settings of(
      Map<String, ? extends @Nullable Object> values, Map<String, ?> defaults, Findings findings) {
    return new Settings("", values, defaults, findings);
  }

  /// Returns the path of a key, for findings.
  ///
  /// @param key a key of this object
  /// @return such as `rope_scaling.factor`
  public String at(String key) {
    return path + key;
  }

  /// Adds an error about a key.
  ///
  /// @param key a key of this object
  /// @param message what is wrong with it
  public void error(String key, String message) {
    findings.error(at(key), message);
  }

  /// Adds a warning about a key.
  ///
  /// @param key a key of this object
  /// @param message what is odd about it
  public void warn(String key, String message) {
    findings.warn(at(key), message);
  }

  /// Returns whether the object itself names a key, be it with null.
  ///
  /// @param key the key
  /// @return whether it is there, defaults aside
  public boolean names(String key) {
    read.add(key);
    return values.containsKey(key);
  }

  /// Returns whether the object itself gives a key a value.
  ///
  /// @param key the key
  /// @return whether it is there and not null, defaults aside
  public boolean has(String key) {
    read.add(key);
    return values.get(key) != null;
  }

  /// Returns a number.
  ///
  /// @param key its key
  /// @return the number, or empty if it is missing or of another kind
  public OptionalDouble number(String key) {
    Object value = value(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return OptionalDouble.of(number.doubleValue());
    }
    wrong(key, value, "a number");
    return OptionalDouble.empty();
  }

  /// Returns a number of the object itself without marking its key as read.
  ///
  /// @param key its key
  /// @return the number, or empty if it is missing or of another kind
  OptionalDouble peek(String key) {
    return values.get(key) instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /// Returns a number or what to take without it.
  ///
  /// @param key its key
  /// @param otherwise taken if it is missing or of another kind
  /// @return the number
  public double number(String key, double otherwise) {
    return number(key).orElse(otherwise);
  }

  /// Returns a count.
  ///
  /// @param key its key
  /// @return a whole number of at least 1, or empty if it is missing or anything else
  public OptionalInt count(String key) {
    Object value = value(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.doubleValue() >= 1
        && number.doubleValue() <= Integer.MAX_VALUE) {
      return OptionalInt.of(number.intValue());
    }
    wrong(key, value, "a whole number from 1 to " + Integer.MAX_VALUE);
    return OptionalInt.empty();
  }

  /// Returns a count that must be there.
  ///
  /// @param key its key
  /// @return the count; 1, and an error among the findings, if it is missing or of another kind
  public int requiredCount(String key) {
    if (value(key) == null) {
      error(key, "is missing");
      return 1;
    }
    return count(key).orElse(1);
  }

  /// Returns a flag or what to take without it.
  ///
  /// @param key its key
  /// @param otherwise taken if it is missing or of another kind
  /// @return the flag
  public boolean flag(String key, boolean otherwise) {
    Object value = value(key);
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value != null) {
      wrong(key, value, "true or false");
    }
    return otherwise;
  }

  /// Returns a text or what to take without it.
  ///
  /// @param key its key
  /// @param otherwise taken if it is missing or of another kind
  /// @return the text
  public String text(String key, String otherwise) {
    Object value = value(key);
    if (value instanceof String text) {
      return text;
    }
    if (value != null) {
      wrong(key, value, "a string");
    }
    return otherwise;
  }

  /// Returns whether a key holds a list.
  ///
  /// @param key its key
  /// @return whether it is there and a list
  public boolean isList(String key) {
    return value(key) instanceof List;
  }

  /// Returns a list of numbers.
  ///
  /// @param key its key
  /// @return the numbers, or empty if the list is missing or holds anything else
  public Optional<List<Double>> numbers(String key) {
    return list(key, Number.class, "a list of numbers")
        .map(list -> list.stream().map(Number::doubleValue).toList());
  }

  /// Returns a list of strings.
  ///
  /// @param key its key
  /// @return the strings, or empty if the list is missing or holds anything else
  public Optional<List<String>> texts(String key) {
    return list(key, String.class, "a list of strings");
  }

  private <T> Optional<List<T>> list(String key, Class<T> kind, String expected) {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof List<?> list)) {
      wrong(key, value, expected);
      return Optional.empty();
    }
    List<T> items = new ArrayList<>();
    for (Object item : list) {
      if (!kind.isInstance(item)) {
        wrong(key, Objects.toString(item), expected + ", each of them one");
        return Optional.empty();
      }
      items.add(kind.cast(item));
    }
    return Optional.of(items);
  }

  /// Returns an object inside this one.
  ///
  /// @param key its key
  /// @return its settings, or empty if it is missing or of another kind
  public Optional<Settings> object(String key) {
    Object value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Map<?, ?> map
        && map.keySet().stream().allMatch(String.class::isInstance)) {
      @SuppressWarnings("unchecked") // every key is a string
      Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) map;
      return Optional.of(new Settings(at(key) + ".", object, Map.of(), findings));
    }
    wrong(key, value, "an object");
    return Optional.empty();
  }

  /// Returns whether this object holds nothing.
  ///
  /// @return whether it has no key
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /// Returns the keys of this object that hold objects.
  ///
  /// @return the keys in order of the alphabet
  public SortedSet<String> objects() {
    SortedSet<String> keys = new TreeSet<>();
    values.forEach(
        (key, value) -> {
          if (value instanceof Map) {
            keys.add(key);
          }
        });
    return keys;
  }

  /// Returns whether this object holds what another does, and nothing besides but copies of
  /// settings that stand elsewhere.
  ///
  /// @param other another object
  /// @param elsewhere numbers by the key that they have here
  /// @return whether nothing is left that the other and they do not say
  boolean repeats(Settings other, Map<String, OptionalDouble> elsewhere) {
    Map<String, Object> rest = new HashMap<>(values);
    elsewhere.forEach(
        (key, number) -> {
          if (number.isPresent() && number.equals(peek(key))) {
            rest.remove(key);
          }
        });
    return values.equals(other.values) || rest.equals(other.values);
  }

  /// Returns the keys that have a value which nobody read.
  ///
  /// @return the keys in order of the alphabet
  public SortedSet<String> unread() {
    SortedSet<String> unread = new TreeSet<>();
    values.forEach(
        (key, value) -> {
          if (value != null && !read.contains(key)) {
            unread.add(key);
          }
        });
    return unread;
  }

  private @Nullable Object value(String key) {
    read.add(key);
    return values.containsKey(key) ? values.get(key) : defaults.get(key);
  }

  private void wrong(String key, Object value, String expected) {
    String shown = value.toString();
    error(
        key,
        "is "
            + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown)
            + " where "
            + expected
            + " is expected");
  }
}
