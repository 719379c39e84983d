package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The `tojson` filter as transformers defines it: Python's `json.dumps` with `ensure_ascii` off,
/// and none of Jinja's HTML escapes.
final class Json {
  private final Args args;
  private final int indent;

  private Json(Args args, int indent) {
    this.args = args;
    this.indent = indent;
  }

  static String write(Object value, Args args) {
    args.only(1, "indent", "ensure_ascii");
    if (Values.truth(args.get(1, "ensure_ascii", false))) {
      throw args.error("with ensure_ascii is not supported");
    }
    Object indent = args.named().getOrDefault("indent", None.NONE);
    if (args.count() > 0) {
      throw args.error("takes its arguments by name");
    }
    int width = indent == None.NONE ? -1 : args.integer(0, "indent", 0);
    return new Json(args, width).value(value, 0);
  }

  private String value(Object value, int depth) {
    return switch (value) {
      case String text -> quote(text);
      case Boolean b -> b.toString();
      case None none -> "null";
      case Long number -> Long.toString(number);
      case Double number -> Values.floating(number);
      case Map<?, ?> map -> {
        List<String> entries = new ArrayList<>();
        map.forEach((key, item) -> entries.add(key(key) + ": " + value(item, depth + 1)));
        yield wrap("{", entries, "}", depth);
      }
      case List<?> list ->
          wrap("[", list.stream().map(item -> value(item, depth + 1)).toList(), "]", depth);
      default -> throw args.error("cannot write " + Values.describe(value));
    };
  }

  private String key(Object key) {
    if (key instanceof String text) {
      return quote(text);
    }
    throw args.error("needs text as keys, not " + Values.describe(key));
  }

  private String wrap(String open, List<String> parts, String close, int depth) {
    if (indent < 0 || parts.isEmpty()) {
      return open + String.join(", ", parts) + close;
    }
    String inner = "\n" + " ".repeat(indent * (depth + 1));
    return open
        + inner
        + String.join("," + inner, parts)
        + "\n"
        + " ".repeat(indent * depth)
        + close;
  }

  private static String quote(String text) {
    var out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
