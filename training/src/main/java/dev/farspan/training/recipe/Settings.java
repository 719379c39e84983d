package dev.farspan.training.recipe;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The `key = value` lines of a recipe; each must be read by somebody.
final class Settings {
  private final String source;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, String> unread = new HashMap<>();

  private Settings(String source) {
    this.source = source;
  }

  static Settings parse(String text, String source) {
    Settings settings = new Settings(source);
    List<String> lines = text.lines().toList();
    for (int n = 0; n < lines.size(); n++) {
      String line = lines.get(n).replaceFirst("(^|\\s)#.*", "").strip();
      int equals = line.indexOf('=');
      if (line.isEmpty()) {
        continue;
      }
      if (equals < 1) {
        throw settings.error("line %d is not 'key = value': %s".formatted(n + 1, line));
      }
      settings.add(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
    return settings;
  }

  private void add(String key, String value) {
    if (values.put(key, value) != null) {
      throw error("key '" + key + "' stands there twice");
    }
    unread.put(key, value);
  }

  boolean hasAny(String prefix) {
    return values.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }

  Optional<String> find(String key) {
    unread.remove(key);
    return Optional.ofNullable(values.get(key));
  }

  String text(String key) {
    return find(key).orElseThrow(() -> error("has no '" + key + "', which it needs"));
  }

  int count(String key) {
    return number(key, text(key), Integer::parseInt);
  }

  int count(String key, int otherwise) {
    return find(key).map(value -> number(key, value, Integer::parseInt)).orElse(otherwise);
  }

  double number(String key) {
    return number(key, text(key), Double::parseDouble);
  }

  double number(String key, double otherwise) {
    return find(key).map(value -> number(key, value, Double::parseDouble)).orElse(otherwise);
  }

  private <T> T number(String key, String value, Function<String, T> parse) {
    try {
      return parse.apply(value);
    } catch (NumberFormatException e) {
      throw error("'%s = %s' is not a number".formatted(key, value), e);
    }
  }

  /// Returns what one of a few words stands for.
  <T> T oneOf(String key, String otherwise, Map<String, T> meanings) {
    String value = find(key).orElse(otherwise);
    T meaning = meanings.get(value);
    if (meaning == null) {
      throw error(
          "'%s = %s' is unknown; known: %s"
              .formatted(
                  key, value, String.join(", ", meanings.keySet().stream().sorted().toList())));
    }
    return meaning;
  }

  /// Fails if a key was read by nobody.
  void requireAllRead() {
    if (!unread.isEmpty()) {
      throw error(
          "has unknown keys: %s; take them out or correct their spelling"
              .formatted(String.join(", ", unread.keySet().stream().sorted().toList())));
    }
  }

  IllegalArgumentException error(String what) {
    return new IllegalArgumentException("recipe " + source + ": " + what);
  }

  IllegalArgumentException error(String what, Throwable cause) {
    return new IllegalArgumentException("recipe " + source + ": " + what, cause);
  }
}
