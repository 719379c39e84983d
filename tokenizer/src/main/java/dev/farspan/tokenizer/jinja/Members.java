package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `value.name` and `value[index]`, methods included.
final class Members {
  private Members() {}

  /// Methods first, then entries, as Jinja looks up `value.name`.
  static Object attribute(Object value, String name, int line) {
    return switch (value) {
      case Undefined undefined -> throw missing(undefined, name, line);
      case Map<?, ?> map -> {
        Callable method = MapMethods.find(map, name);
        yield method == null ? entry(map, name, name) : method;
      }
      case String text -> StringMethods.find(text, name, line);
      case Namespace namespace -> entry(namespace.values(), name, name);
      case List<?> list ->
          throw TemplateException.at(line, "lists have no '" + name + "' that is supported");
      default -> new Undefined("'" + name + "' of " + Values.describe(value));
    };
  }

  static Object item(Object value, Object index, int line) {
    return switch (value) {
      case Undefined undefined -> throw missing(undefined, index, line);
      case Map<?, ?> map -> {
        Object found = entry(map, index, index);
        yield found instanceof Undefined && index instanceof String name
            ? attribute(value, name, line)
            : found;
      }
      case Namespace namespace -> entry(namespace.values(), index, index);
      case List<?> list when index instanceof Long position ->
          at(new ArrayList<Object>(list), position, value);
      case String text when index instanceof Long position ->
          at(new ArrayList<Object>(Values.characters(text)), position, value);
      case String text when index instanceof String name -> attribute(text, name, line);
      default -> new Undefined("item " + index + " of " + Values.describe(value));
    };
  }

  private static Object at(List<Object> items, long position, Object of) {
    long index = position < 0 ? position + items.size() : position;
    return index >= 0 && index < items.size()
        ? items.get((int) index)
        : new Undefined("item " + position + " of " + Values.describe(of));
  }

  private static Object entry(Map<?, ?> map, Object key, Object name) {
    Object value = map.get(key);
    return value == null ? new Undefined("'" + name + "'") : value;
  }

  private static TemplateException missing(Undefined undefined, Object name, int line) {
    return TemplateException.at(
        line, "cannot take '%s' of %s, which is undefined".formatted(name, undefined.what()));
  }
}
