package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What may stand behind `|`. Filters over lists are [ListFilters]'.
final class Filters {
  private static final Set<String> NAMES =
      Set.of(
          "trim",
          "length",
          "count",
          "tojson",
          "default",
          "d",
          "upper",
          "lower",
          "title",
          "capitalize",
          "string",
          "int",
          "float",
          "abs",
          "replace",
          "items",
          "dictsort",
          "safe",
          "indent");

  private Filters() {}

  static void require(String name, int line) {
    if (!NAMES.contains(name) && !ListFilters.NAMES.contains(name)) {
      throw TemplateException.at(line, "the filter '" + name + "' is not supported");
    }
  }

  static Object apply(Object value, Args args) {
    String name = args.function().substring(1);
    if (ListFilters.NAMES.contains(name)) {
      return ListFilters.apply(name, value, args);
    }
    return switch (name) {
      case "length", "count" -> Values.length(value, args.line());
      case "tojson" -> Json.write(value, args);
      case "default", "d" -> otherwise(value, args);
      case "int" -> integer(value, args);
      case "float" -> floating(value, args);
      case "abs" -> absolute(value, args);
      case "items" -> MapMethods.items(mapping(value, args));
      case "dictsort" -> sorted(mapping(value, args), args.only(0));
      default -> text(name, Values.print(value, args.line()), args);
    };
  }

  // These print their input first, whatever it is.
  private static String text(String name, String text, Args args) {
    return switch (name) {
      case "trim" -> trim(text, args.only(1));
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "title" -> title(text);
      case "capitalize" -> StringMethods.capitalize(text);
      case "string", "safe" -> text;
      case "replace" -> StringMethods.replace(text, args.only(3, "old", "new", "count"));
      case "indent" -> indent(text, args);
      default -> throw args.error("is no filter that is supported");
    };
  }

  private static String trim(String text, Args args) {
    if (args.count() == 0) {
      return Text.strip(text, Text::isSpace);
    }
    String characters = args.string(0, "chars");
    return Text.strip(text, c -> characters.indexOf(c) >= 0);
  }

  // Jinja's own rule: a word starts after a space or one of -([{<.
  private static String title(String text) {
    var out = new StringBuilder();
    boolean start = true;
    for (int c : text.codePoints().toArray()) {
      out.append(
          start
              ? Character.toString(c).toUpperCase(Locale.ROOT)
              : Character.toString(c).toLowerCase(Locale.ROOT));
      start = Text.isSpace(c) || "-([{<".indexOf(c) >= 0;
    }
    return out.toString();
  }

  private static Object otherwise(Object value, Args args) {
    args.only(2, "default_value", "boolean");
    boolean orFalse = Values.truth(args.get(1, "boolean", false));
    boolean missing = value instanceof Undefined || (orFalse && !Values.truth(value));
    return missing ? args.get(0, "default_value", "") : value;
  }

  private static Object integer(Object value, Args args) {
    args.only(1, "default");
    return switch (value) {
      case Double number -> (long) (double) number;
      case String text when text.strip().matches("[+-]?\\d{1,18}") -> Long.parseLong(text.strip());
      default -> Values.number(value) ? Values.toLong(value) : args.get(0, "default", 0L);
    };
  }

  private static Object floating(Object value, Args args) {
    args.only(1, "default");
    if (Values.number(value)) {
      return Values.toDouble(value);
    }
    if (value instanceof String text
        && text.strip().matches("[+-]?\\d+(\\.\\d*)?([eE][+-]?\\d+)?")) {
      return Double.parseDouble(text.strip());
    }
    return args.get(0, "default", 0.0);
  }

  private static Object absolute(Object value, Args args) {
    return switch (value) {
      case Long number -> Math.abs(number);
      case Double number -> Math.abs(number);
      default -> throw args.error("needs a number, not " + Values.describe(value));
    };
  }

  private static Map<?, ?> mapping(Object value, Args args) {
    return switch (value) {
      case Map<?, ?> map -> map;
      case Undefined undefined -> Map.of();
      default -> throw args.error("needs a mapping, not " + Values.describe(value));
    };
  }

  // dictsort ignores case unless told otherwise.
  private static List<Object> sorted(Map<?, ?> map, Args args) {
    List<Object> out = new ArrayList<>(MapMethods.items(map));
    out.sort(
        (a, b) ->
            Values.compare(
                ListFilters.ignoringCase(((List<?>) a).get(0)),
                ListFilters.ignoringCase(((List<?>) b).get(0)),
                args.line()));
    return out;
  }

  private static String indent(String text, Args args) {
    args.only(3, "width", "first", "blank");
    Object width = args.get(0, "width", 4L);
    String space = width instanceof String given ? given : " ".repeat(args.integer(0, "width", 4));
    boolean first = Values.truth(args.get(1, "first", false));
    boolean blank = Values.truth(args.get(2, "blank", false));
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (i == 0 ? first : blank || !lines[i].isEmpty()) {
        lines[i] = space + lines[i];
      }
    }
    return String.join("\n", lines);
  }
}
