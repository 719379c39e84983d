package dev.farspan.context.method;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The `key=value` pairs of one method; remembers which were read, so that none is ignored.
final class Parameters {
  /// Decimal only: `Double.parseDouble` would also take NaN, 4f and hexadecimal.
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  private static final Pattern SEPARATORS = Pattern.compile("[\\s,:\\[\\]]+");

  private final String method;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();

  Parameters(String method, String text) {
    this.method = method;
    for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "method '" + method + "' has '" + pair + "' where key=value is expected");
      }
      String key = pair.substring(0, equals).strip();
      if (values.put(key, pair.substring(equals + 1).strip()) != null) {
        throw new IllegalArgumentException("method '" + method + "' has '" + key + "' twice");
      }
    }
  }

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /// Fails on any parameter that no one asked for.
  void finish() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "method '"
                + method
                + "' has no parameter '"
                + key
                + "'; "
                + (known.isEmpty() ? "it has none" : "known: " + String.join(", ", known)));
      }
    }
  }

  String text(String key) {
    known.add(key);
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          "method '" + method + "' needs " + key + ", such as " + method + ":" + key + "=...");
    }
    return value;
  }

  double number(String key) {
    String value = text(key);
    if (!NUMBER.matcher(value).matches()) {
      throw wrong(key, value, "a number");
    }
    return Double.parseDouble(value);
  }

  double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  /// Reads a count of tokens; a suffix k means times 1024.
  int count(String key) {
    String value = text(key);
    boolean kilo = value.endsWith("k") || value.endsWith("K");
    try {
      int digits = Integer.parseInt(kilo ? value.substring(0, value.length() - 1) : value);
      return kilo ? Math.multiplyExact(digits, 1024) : digits;
    } catch (ArithmeticException | NumberFormatException e) {
      throw wrong(key, value, "a whole number, such as 1020 or 4k");
    }
  }

  int count(String key, int otherwise) {
    return has(key) ? count(key) : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    return switch (text(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, text(key), "true or false");
    };
  }

  /// Reads numbers joined by ':', or, after '@', all numbers in a text file.
  List<Double> numbers(String key) {
    String value = text(key);
    String source = value.startsWith("@") ? read(key, Path.of(value.substring(1))) : value;
    List<Double> numbers = new ArrayList<>();
    for (String number : SEPARATORS.split(source, -1)) {
      if (number.isEmpty()) {
        continue; // beside a bracket
      }
      if (!NUMBER.matcher(number).matches()) {
        throw wrong(key, value, "numbers joined by ':', or @FILE");
      }
      numbers.add(Double.parseDouble(number));
    }
    if (numbers.isEmpty()) {
      throw wrong(key, value, "numbers joined by ':', or @FILE");
    }
    return numbers;
  }

  private String read(String key, Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "method '" + method + "' can't read " + key + " from " + file + ": no such text file", e);
    }
  }

  private IllegalArgumentException wrong(String key, String value, String expected) {
    return new IllegalArgumentException(
        "method '" + method + "' has " + key + "=" + value + " where " + expected + " is expected");
  }
}
