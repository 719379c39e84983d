package dev.farspan.evaluation.cells;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Named strings in an order, such as `method = none, length = 4096, seed = 42`. Two that differ in
/// their order alone are equal.
///
/// @param entries value by name
public record Labels(SequencedMap<String, String> entries) {
  /// None.
  public static final Labels NONE = new Labels(new LinkedHashMap<>());

  /// Copies the map.
  public Labels {
    entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
  }

  /// Returns one label.
  ///
  /// @param name its name
  /// @param value its value, kept as text
  /// @return a map of one entry
  public static Labels of(String name, Object value) {
    return NONE.and(name, value);
  }

  /// Returns these labels and one more.
  ///
  /// @param name its name
  /// @param value its value, kept as text
  /// @return all of them, the new one last
  /// @throws IllegalArgumentException if there is one of that name
  public Labels and(String name, Object value) {
    LinkedHashMap<String, String> more = new LinkedHashMap<>(entries);
    if (more.put(name, value.toString()) != null) {
      throw new IllegalArgumentException("there are two labels of the name '" + name + "'");
    }
    return new Labels(more);
  }

  /// Returns a label's value.
  ///
  /// @param name its name
  /// @return the value
  /// @throws IllegalArgumentException if there is none of that name
  public String get(String name) {
    String value = entries.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no '" + name + "' among " + entries.keySet());
    }
    return value;
  }

  /// Returns a label's value as a number.
  ///
  /// @param name its name
  /// @return the value
  /// @throws IllegalArgumentException if there is none of that name or it is no whole number
  public int count(String name) {
    return Integer.parseInt(get(name));
  }

  /// Returns the labels in the order of their names, so that equal labels spell the same.
  ///
  /// @return `name=value` on a line each
  String sorted() {
    StringBuilder text = new StringBuilder();
    entries.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> text.append(e.getKey()).append('=').append(e.getValue()).append('\n'));
    return text.toString();
  }
}
