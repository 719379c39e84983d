package dev.farspan.tokenizer.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The arguments of one call, and errors that name it.
///
/// @param function what is called
/// @param positional arguments by position
/// @param named arguments by name
/// @param line where
record Args(String function, List<Object> positional, Map<String, Object> named, int line) {

  /// Fails unless there are at most `most` positional arguments and no other names than `names`.
  Args only(int most, String... names) {
    if (positional.size() > most) {
      throw error("takes at most " + most + " arguments");
    }
    for (String name : named.keySet()) {
      if (!List.of(names).contains(name)) {
        throw error("has no argument '" + name + "' that is supported");
      }
    }
    return this;
  }

  int count() {
    return positional.size();
  }

  /// Returns the argument at a position or under a name, or `otherwise`.
  Object get(int position, String name, Object otherwise) {
    Object value = find(position, name);
    return value == null ? otherwise : value;
  }

  Object need(int position, String name) {
    Object value = find(position, name);
    if (value == null) {
      throw error("needs the argument '" + name + "'");
    }
    return value;
  }

  String string(int position, String name) {
    if (need(position, name) instanceof String text) {
      return text;
    }
    throw error("needs a string as '" + name + "'");
  }

  int integer(int position, String name, int otherwise) {
    Object value = get(position, name, (long) otherwise);
    if (value instanceof Long number) {
      return Math.toIntExact(number);
    }
    throw error("needs a whole number as '" + name + "'");
  }

  TemplateException error(String what) {
    return TemplateException.at(line, function + " " + what);
  }

  private @Nullable Object find(int position, String name) {
    return position < positional.size() ? positional.get(position) : named.get(name);
  }
}
