package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/// Python's `value[from:to:step]` on lists and strings.
final class Slices {
  private Slices() {}

  static Object of(Object value, Expr.Slice slice, Scope scope) {
    int line = slice.line();
    List<Object> items =
        switch (value) {
          case String text -> new ArrayList<Object>(Values.characters(text));
          case List<?> list -> new ArrayList<Object>(list);
          default ->
              throw TemplateException.at(line, "cannot take a slice of " + Values.describe(value));
        };
    int size = items.size();
    int step = bound(Evaluator.value(slice.step(), scope), 1, line);
    if (step == 0) {
      throw TemplateException.at(line, "the step of a slice is 0");
    }
    boolean forward = step > 0;
    // Going backwards the ends are the last item and the place before the first.
    int low = forward ? 0 : -1;
    int high = forward ? size : size - 1;
    int from =
        clamp(Evaluator.value(slice.from(), scope), forward ? low : high, size, low, high, line);
    int to = clamp(Evaluator.value(slice.to(), scope), forward ? high : low, size, low, high, line);
    List<Object> out = new ArrayList<>();
    for (long i = from; forward ? i < to : i > to; i += step) {
      out.add(items.get((int) i));
    }
    return value instanceof String ? join(out) : out;
  }

  private static int clamp(Object end, int otherwise, int size, int low, int high, int line) {
    if (end == None.NONE) {
      return otherwise;
    }
    int index = bound(end, 0, line);
    return Math.clamp(index < 0 ? (long) index + size : index, low, high);
  }

  private static int bound(Object value, int otherwise, int line) {
    return switch (value) {
      case None none -> otherwise;
      case Long number -> Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
      default ->
          throw TemplateException.at(
              line, "a slice needs whole numbers, not " + Values.describe(value));
    };
  }

  private static String join(List<Object> characters) {
    var out = new StringBuilder();
    characters.forEach(out::append);
    return out.toString();
  }
}
