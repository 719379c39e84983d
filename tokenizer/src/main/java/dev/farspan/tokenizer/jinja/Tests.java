package dev.farspan.tokenizer.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What may stand behind `is`.
final class Tests {
  private static final Map<String, String> COMPARISONS =
      Map.ofEntries(
          Map.entry("eq", "=="),
          Map.entry("equalto", "=="),
          Map.entry("ne", "!="),
          Map.entry("lt", "<"),
          Map.entry("lessthan", "<"),
          Map.entry("le", "<="),
          Map.entry("gt", ">"),
          Map.entry("greaterthan", ">"),
          Map.entry("ge", ">="),
          Map.entry("in", "in"));
  private static final Set<String> OTHERS =
      Set.of(
          "defined",
          "undefined",
          "none",
          "string",
          "mapping",
          "iterable",
          "sequence",
          "number",
          "integer",
          "float",
          "boolean",
          "true",
          "false",
          "callable",
          "odd",
          "even",
          "divisibleby",
          "lower",
          "upper");

  private Tests() {}

  static void require(String name, int line) {
    if (!COMPARISONS.containsKey(name) && !OTHERS.contains(name)) {
      throw TemplateException.at(line, "the test 'is " + name + "' is not supported");
    }
  }

  static boolean holds(Object value, Args args) {
    String comparison = COMPARISONS.get(args.function());
    if (comparison != null) {
      return Evaluator.compare(
          comparison, value, args.only(1).need(0, "the other value"), args.line());
    }
    return switch (args.function()) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == None.NONE;
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map;
      case "iterable" -> isSequence(value) || value instanceof Sequence;
      case "sequence" -> isSequence(value) && !(value instanceof Sequence s && s.isLazy());
      case "number" -> Values.number(value);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "callable" -> value instanceof Callable;
      case "odd" -> whole(value, args) % 2 != 0;
      case "even" -> whole(value, args) % 2 == 0;
      case "divisibleby" -> whole(value, args) % args.integer(0, "num", 0) == 0;
      case "lower" -> text(value, args).equals(text(value, args).toLowerCase(Locale.ROOT));
      case "upper" -> text(value, args).equals(text(value, args).toUpperCase(Locale.ROOT));
      default -> throw args.error("is no test that is supported");
    };
  }

  private static boolean isSequence(Object value) {
    return value instanceof String
        || value instanceof List
        || value instanceof Map
        || value instanceof Undefined;
  }

  private static long whole(Object value, Args args) {
    if (value instanceof Long number) {
      return number;
    }
    throw args.error("needs a whole number, not " + Values.describe(value));
  }

  private static String text(Object value, Args args) {
    if (value instanceof String text) {
      return text;
    }
    throw args.error("needs a string, not " + Values.describe(value));
  }
}
