package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/// The operators `+ - * / // % **` on Python's values.
final class Arithmetic {
  private Arithmetic() {}

  static Object apply(String operator, Object a, Object b, int line) {
    if (Values.number(a) && Values.number(b)) {
      return (a instanceof Double || b instanceof Double || operator.equals("/"))
          ? floating(operator, Values.toDouble(a), Values.toDouble(b), line)
          : whole(operator, Values.toLong(a), Values.toLong(b), line);
    }
    if (operator.equals("+") && a instanceof String x && b instanceof String y) {
      return x + y;
    }
    if (operator.equals("+") && a instanceof List<?> x && b instanceof List<?> y) {
      List<Object> out = new ArrayList<>(x);
      out.addAll(y);
      return out;
    }
    if (operator.equals("*") && a instanceof String text && b instanceof Long times) {
      return repeat(text, times, line);
    }
    throw TemplateException.at(
        line,
        "the operator '%s' does not work on %s and %s"
            .formatted(operator, Values.describe(a), Values.describe(b)));
  }

  private static String repeat(String text, long times, int line) {
    if (text.length() * (double) times > Template.LONGEST_OUTPUT) {
      throw TemplateException.at(line, "a string repeated " + times + " times is too long");
    }
    return text.repeat((int) Math.max(0, times));
  }

  private static Object whole(String operator, long a, long b, int line) {
    try {
      return switch (operator) {
        case "+" -> Math.addExact(a, b);
        case "-" -> Math.subtractExact(a, b);
        case "*" -> Math.multiplyExact(a, b);
        case "//" -> Math.floorDiv(a, b);
        case "%" -> Math.floorMod(a, b);
        case "**" -> power(a, b);
        default -> throw TemplateException.at(line, "unknown operator '" + operator + "'");
      };
    } catch (ArithmeticException e) {
      throw TemplateException.at(line, "%d %s %d: %s".formatted(a, operator, b, e.getMessage()));
    }
  }

  private static Object power(long a, long b) {
    if (b < 0) {
      return Math.pow((double) a, (double) b);
    }
    return Math.powExact(a, Math.toIntExact(b));
  }

  private static Object floating(String operator, double a, double b, int line) {
    if (b == 0 && (operator.startsWith("/") || operator.equals("%"))) {
      throw TemplateException.at(line, "division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      case "%" -> a - b * Math.floor(a / b);
      case "**" -> Math.pow(a, b);
      default -> throw TemplateException.at(line, "unknown operator '" + operator + "'");
    };
  }
}
