package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Filters over lists.
final class ListFilters {
  static final Set<String> NAMES =
      Set.of(
          "join",
          "first",
          "last",
          "list",
          "map",
          "select",
          "reject",
          "selectattr",
          "rejectattr",
          "unique",
          "sort",
          "reverse",
          "min",
          "max",
          "sum");

  private ListFilters() {}

  static Object apply(String name, Object value, Args args) {
    if (name.equals("reverse") && value instanceof String text) {
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> items = Values.items(value, args.line());
    return switch (name) {
      case "join" -> join(items, args.only(2, "d", "attribute"));
      case "first" -> items.isEmpty() ? new Undefined("the first of nothing") : items.getFirst();
      case "last" -> items.isEmpty() ? new Undefined("the last of nothing") : items.getLast();
      case "list" -> items;
      case "map" -> lazy(map(items, args));
      case "select" -> lazy(items.stream().filter(test(args, 0)).toList());
      case "reject" -> lazy(items.stream().filter(test(args, 0).negate()).toList());
      case "selectattr" -> lazy(items.stream().filter(attributeTest(args)).toList());
      case "rejectattr" -> lazy(items.stream().filter(attributeTest(args).negate()).toList());
      case "unique" -> {
        args.only(0);
        yield lazy(unique(items));
      }
      case "sort" -> sort(items, args);
      case "reverse" -> lazy(items.reversed());
      case "min" -> extreme(items, args.only(0), -1);
      case "max" -> extreme(items, args.only(0), 1);
      case "sum" -> sum(items, args.only(0));
      default -> throw args.error("is no filter that is supported");
    };
  }

  private static Sequence lazy(List<Object> items) {
    return new Sequence(Sequence.Kind.LAZY, items);
  }

  static Object ignoringCase(Object value) {
    return value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
  }

  private static String join(List<Object> items, Args args) {
    Object attribute = args.get(1, "attribute", None.NONE);
    List<String> parts = new ArrayList<>();
    for (Object item : items) {
      Object part = attribute == None.NONE ? item : member(item, attribute, args);
      parts.add(Values.print(part, args.line()));
    }
    return String.join(Values.print(args.get(0, "d", ""), args.line()), parts);
  }

  // An attribute may be a path: `function.name`, or a position.
  private static Object member(Object item, Object attribute, Args args) {
    if (!(attribute instanceof String path)) {
      return Members.item(item, attribute, args.line());
    }
    Object value = item;
    for (String step : path.split("\\.", -1)) {
      Object key = step.matches("\\d{1,9}") ? (Object) Long.parseLong(step) : step;
      value = Members.item(value, key, args.line());
    }
    return value;
  }

  private static List<Object> map(List<Object> items, Args args) {
    List<Object> out = new ArrayList<>();
    if (args.count() > 0) {
      String filter = args.string(0, "filter");
      Filters.require(filter, args.line());
      var inner =
          new Args(
              "|" + filter, args.positional().subList(1, args.count()), args.named(), args.line());
      items.forEach(item -> out.add(Filters.apply(item, inner)));
      return out;
    }
    args.only(0, "attribute", "default");
    for (Object item : items) {
      Object value = member(item, args.need(0, "attribute"), args);
      out.add(value instanceof Undefined ? args.get(1, "default", value) : value);
    }
    return out;
  }

  private static Predicate<Object> test(Args args, int at) {
    if (args.count() <= at) {
      return Values::truth;
    }
    String name = args.string(at, "test");
    if (name.equals("==") || name.equals("!=")) {
      return item ->
          Evaluator.compare(name, item, args.need(at + 1, "the other value"), args.line());
    }
    Tests.require(name, args.line());
    var inner =
        new Args(name, args.positional().subList(at + 1, args.count()), Map.of(), args.line());
    return item -> Tests.holds(item, inner);
  }

  private static Predicate<Object> attributeTest(Args args) {
    Object attribute = args.need(0, "attribute");
    Predicate<Object> test = test(args, 1);
    return item -> test.test(member(item, attribute, args));
  }

  private static List<Object> unique(List<Object> items) {
    List<Object> out = new ArrayList<>();
    for (Object item : items) {
      Object key = ignoringCase(item);
      if (out.stream().noneMatch(seen -> Values.same(ignoringCase(seen), key))) {
        out.add(item);
      }
    }
    return out;
  }

  private static List<Object> sort(List<Object> items, Args args) {
    args.only(3, "reverse", "case_sensitive", "attribute");
    boolean sensitive = Values.truth(args.get(1, "case_sensitive", false));
    Object attribute = args.get(2, "attribute", None.NONE);
    List<Object> out = new ArrayList<>(items);
    UnaryOperator<Object> key =
        item -> {
          Object value = attribute == None.NONE ? item : member(item, attribute, args);
          return sensitive ? value : ignoringCase(value);
        };
    boolean reverse = Values.truth(args.get(0, "reverse", false));
    out.sort(
        (a, b) -> {
          int order = Values.compare(key.apply(a), key.apply(b), args.line());
          return reverse ? -order : order;
        });
    return Collections.unmodifiableList(out);
  }

  private static Object extreme(List<Object> items, Args args, int sign) {
    return items.stream()
        .reduce(
            (a, b) ->
                sign * Values.compare(ignoringCase(b), ignoringCase(a), args.line()) > 0 ? b : a)
        .orElse(new Undefined("the extreme of nothing"));
  }

  private static Object sum(List<Object> items, Args args) {
    Object total = 0L;
    for (Object item : items) {
      total = Arithmetic.apply("+", total, item, args.line());
    }
    return total;
  }
}
