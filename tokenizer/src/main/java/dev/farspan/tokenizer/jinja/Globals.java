package dev.farspan.tokenizer.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The functions every template sees: Jinja's `range`, `dict` and `namespace`, transformers'
/// `raise_exception` and `strftime_now`.
final class Globals {
  // jinja2.sandbox.MAX_RANGE
  private static final long LONGEST_RANGE = 100_000;
  // strftime's letters and their patterns here, in the C locale.
  private static final Map<Character, String> TIME =
      Map.ofEntries(
          Map.entry('Y', "uuuu"),
          Map.entry('y', "uu"),
          Map.entry('m', "MM"),
          Map.entry('B', "MMMM"),
          Map.entry('b', "MMM"),
          Map.entry('d', "dd"),
          Map.entry('A', "EEEE"),
          Map.entry('a', "EEE"),
          Map.entry('H', "HH"),
          Map.entry('I', "hh"),
          Map.entry('M', "mm"),
          Map.entry('S', "ss"),
          Map.entry('p', "a"),
          Map.entry('j', "DDD"));

  private static final Pattern DIRECTIVE = Pattern.compile("%.", Pattern.DOTALL);

  private Globals() {}

  static Map<String, Object> at(ZonedDateTime now) {
    Map<String, Object> out = new HashMap<>();
    out.put("range", (Callable) Globals::range);
    out.put(
        "dict",
        (Callable) args -> new LinkedHashMap<Object, Object>(args.only(0, names(args)).named()));
    out.put("namespace", (Callable) Globals::namespace);
    out.put("raise_exception", (Callable) Globals::raise);
    out.put("strftime_now", (Callable) args -> time(now, args.only(1).string(0, "format")));
    return out;
  }

  private static String[] names(Args args) {
    return args.named().keySet().toArray(String[]::new);
  }

  private static Object raise(Args args) {
    throw new TemplateException(
        "the chat template refuses the conversation: "
            + Values.print(args.only(1).need(0, "message"), args.line()));
  }

  private static Object namespace(Args args) {
    Map<String, Object> values = new HashMap<>();
    if (args.only(1, names(args)).count() == 1) {
      if (!(args.positional().getFirst() instanceof Map<?, ?> map)) {
        throw args.error("needs a mapping");
      }
      map.forEach((key, value) -> values.put(Values.print(key, args.line()), value));
    }
    values.putAll(args.named());
    return new Namespace(values);
  }

  private static Object range(Args args) {
    args.only(3);
    boolean one = args.count() == 1;
    long from = one ? 0 : args.integer(0, "start", 0);
    long to = args.integer(one ? 0 : 1, "stop", 0);
    long step = args.integer(2, "step", 1);
    if (args.count() == 0 || step == 0) {
      throw args.error("needs an end, and a step other than 0");
    }
    List<Object> out = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      if (out.size() == LONGEST_RANGE) {
        throw args.error("is longer than " + LONGEST_RANGE);
      }
      out.add(i);
    }
    return out;
  }

  private static String time(ZonedDateTime now, String format) {
    Matcher directive = DIRECTIVE.matcher(format);
    return directive.replaceAll(
        found -> Matcher.quoteReplacement(time(now, found.group().charAt(1))));
  }

  private static String time(ZonedDateTime now, char letter) {
    String pattern = TIME.get(letter);
    if (pattern != null) {
      return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
    }
    if (letter == '%') {
      return "%";
    }
    throw new TemplateException(
        "the chat template asks strftime_now for %" + letter + ", which is not supported");
  }
}
