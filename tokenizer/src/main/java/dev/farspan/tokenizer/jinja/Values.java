package dev.farspan.tokenizer.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Python's rules for values: truth, equality, order, printing. Values are `String`, `Long`,
/// `Double`, `Boolean`, `List`, `Map`, [None], [Undefined], [Namespace] and [Callable].
final class Values {
  private Values() {}

  /// Returns a caller's variable as a template value.
  static Object of(String name, Object value) {
    return switch (value) {
      case String s -> s;
      case Boolean b -> b;
      case Integer i -> i.longValue();
      case Long l -> l;
      case Double d -> d;
      case Float f -> f.doubleValue();
      case List<?> list -> list.stream().map(item -> of(name, item)).toList();
      case Map<?, ?> map -> {
        Map<Object, Object> out = new LinkedHashMap<>();
        map.forEach((key, item) -> out.put(of(name, key), of(name, item)));
        yield out;
      }
      default ->
          throw new TemplateException(
              "the variable '%s' holds a %s; templates know text, numbers, booleans, lists and maps"
                  .formatted(name, value.getClass().getSimpleName()));
    };
  }

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean b -> b;
      case String s -> !s.isEmpty();
      case Long l -> l != 0;
      case Double d -> d != 0;
      case Sequence s when s.isLazy() -> true;
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case None none -> false;
      case Undefined undefined -> false;
      default -> true;
    };
  }

  static boolean same(Object a, Object b) {
    if (number(a) && number(b)) {
      return (a instanceof Double || b instanceof Double)
          ? toDouble(a) == toDouble(b)
          : toLong(a) == toLong(b);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return (a instanceof Sequence) == (b instanceof Sequence) && sameItems(x, y);
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size()
          && x.entrySet().stream()
              .allMatch(
                  entry ->
                      y.containsKey(entry.getKey())
                          && same(entry.getValue(), Objects.requireNonNull(y.get(entry.getKey()))));
    }
    return a.equals(b);
  }

  private static boolean sameItems(List<?> x, List<?> y) {
    if (x.size() != y.size()) {
      return false;
    }
    for (int i = 0; i < x.size(); i++) {
      if (!same(x.get(i), y.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Orders two numbers or two strings; Python strings are ordered by code point.
  static int compare(Object a, Object b, int line) {
    if (number(a) && number(b)) {
      return (a instanceof Double || b instanceof Double)
          ? Double.compare(toDouble(a), toDouble(b))
          : Long.compare(toLong(a), toLong(b));
    }
    if (a instanceof String x && b instanceof String y) {
      return Arrays.compare(x.codePoints().toArray(), y.codePoints().toArray());
    }
    throw TemplateException.at(line, "cannot order " + describe(a) + " and " + describe(b));
  }

  static boolean contains(Object container, Object item, int line) {
    return switch (container) {
      case String text when item instanceof String part -> text.contains(part);
      case Map<?, ?> map -> map.containsKey(item);
      case List<?> list -> list.stream().anyMatch(element -> same(element, item));
      case Undefined undefined -> false;
      default ->
          throw TemplateException.at(
              line, "cannot look for " + describe(item) + " in " + describe(container));
    };
  }

  /// Returns what a loop over the value sees.
  static List<Object> items(Object value, int line) {
    return switch (value) {
      case List<?> list -> new ArrayList<Object>(list);
      case Map<?, ?> map -> new ArrayList<Object>(map.keySet());
      case String text -> new ArrayList<Object>(characters(text));
      case Undefined undefined -> List.of();
      default -> throw TemplateException.at(line, "cannot loop over " + describe(value));
    };
  }

  static List<String> characters(String text) {
    return text.codePoints().mapToObj(Character::toString).toList();
  }

  static long length(Object value, int line) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case Sequence s when s.isLazy() ->
          throw TemplateException.at(line, "a lazy sequence has no length; use |list first");
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case Undefined undefined -> 0;
      default -> throw TemplateException.at(line, describe(value) + " has no length");
    };
  }

  /// Returns the text that an output tag prints.
  static String print(Object value, int line) {
    return switch (value) {
      case String text -> text;
      case Undefined undefined -> "";
      default -> represent(value, line);
    };
  }

  /// Returns Python's `repr`.
  static String represent(Object value, int line) {
    return switch (value) {
      case String text -> quote(text);
      case Boolean b -> b ? "True" : "False";
      case None none -> "None";
      case Long l -> Long.toString(l);
      case Double d -> floating(d);
      case Sequence s when s.isLazy() ->
          throw TemplateException.at(line, "a lazy sequence cannot be printed; use |list first");
      case List<?> list -> list(list, line);
      case Map<?, ?> map -> {
        List<String> entries = new ArrayList<>();
        map.forEach(
            (key, item) -> entries.add(represent(key, line) + ": " + represent(item, line)));
        yield "{" + String.join(", ", entries) + "}";
      }
      default -> throw TemplateException.at(line, "cannot print " + describe(value));
    };
  }

  private static String list(List<?> list, int line) {
    List<String> parts = list.stream().map(item -> represent(item, line)).toList();
    String inside = String.join(", ", parts);
    if (list instanceof Sequence) {
      return "(" + inside + (parts.size() == 1 ? ",)" : ")");
    }
    return "[" + inside + "]";
  }

  // Python writes exponents from 1e16 on and below 1e-4, with at least two digits.
  static String floating(double d) {
    if (Double.isNaN(d)) {
      return "nan";
    }
    if (Double.isInfinite(d)) {
      return d > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(d);
    if (size != 0 && (size >= 1e16 || size < 1e-4)) {
      String[] parts = Double.toString(d).split("E", -1);
      int exponent = Integer.parseInt(parts[1]);
      String mantissa =
          parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
      return mantissa + "e" + (exponent < 0 ? "-" : "+") + "%02d".formatted(Math.abs(exponent));
    }
    String plain = new BigDecimal(Double.toString(d)).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  private static String quote(String text) {
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    var out = new StringBuilder().append(quote);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                  if (c == quote) {
                    out.append('\\').append(quote);
                  } else if (c < ' ' || (c >= 0x7F && c < 0xA1)) {
                    out.append("\\x%02x".formatted(c));
                  } else {
                    out.appendCodePoint(c);
                  }
                }
              }
            });
    return out.append(quote).toString();
  }

  static boolean number(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static long toLong(Object number) {
    return number instanceof Boolean b ? (b ? 1 : 0) : ((Number) number).longValue();
  }

  static double toDouble(Object number) {
    return number instanceof Boolean b ? (b ? 1 : 0) : ((Number) number).doubleValue();
  }

  /// Returns the kind of a value in the words of an error message.
  static String describe(Object value) {
    return switch (value) {
      case Undefined undefined -> undefined.what() + ", which is undefined";
      case None none -> "none";
      case String text -> "a string";
      case Boolean b -> "a boolean";
      case Long l -> "a whole number";
      case Double d -> "a number";
      case Sequence sequence -> "a sequence";
      case List<?> list -> "a list";
      case Map<?, ?> map -> "a mapping";
      case Namespace namespace -> "a namespace";
      default -> "a function";
    };
  }
}
