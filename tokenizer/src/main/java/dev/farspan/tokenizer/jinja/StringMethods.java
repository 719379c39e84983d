package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/// The methods of Python's `str`.
final class StringMethods {
  private static final Pattern LINE_END =
      Pattern.compile("\r\n|[\n\r\u000b\u000c\u001c\u001d\u001e\u0085\u2028\u2029]");
  // Real methods of str that are not here: refused rather than taken for something undefined.
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "casefold",
          "center",
          "encode",
          "expandtabs",
          "format",
          "format_map",
          "isascii",
          "isdecimal",
          "isidentifier",
          "isnumeric",
          "isprintable",
          "istitle",
          "ljust",
          "maketrans",
          "partition",
          "rindex",
          "rjust",
          "rpartition",
          "swapcase",
          "translate",
          "zfill");

  private StringMethods() {}

  static Object find(String text, String name, int line) {
    if (UNSUPPORTED.contains(name)) {
      throw TemplateException.at(line, "the string method '" + name + "' is not supported");
    }
    return switch (name) {
      case "strip" -> method(1, args -> Text.strip(text, dropped(args)));
      case "lstrip" -> method(1, args -> Text.stripStart(text, dropped(args)));
      case "rstrip" -> method(1, args -> Text.stripEnd(text, dropped(args)));
      case "split" -> (Callable) args -> split(text, args);
      case "rsplit" -> (Callable) args -> splitFromEnd(text, args);
      case "splitlines" -> method(0, args -> lines(text));
      case "startswith" -> method(1, args -> any(args, text::startsWith));
      case "endswith" -> method(1, args -> any(args, text::endsWith));
      case "upper" -> method(0, args -> text.toUpperCase(Locale.ROOT));
      case "lower" -> method(0, args -> text.toLowerCase(Locale.ROOT));
      case "title" -> method(0, args -> title(text));
      case "capitalize" -> method(0, args -> capitalize(text));
      case "replace" -> method(3, args -> replace(text, args));
      case "join" -> method(1, args -> join(text, args));
      case "find" -> method(1, args -> position(text, text.indexOf(args.string(0, "sub"))));
      case "rfind" -> method(1, args -> position(text, text.lastIndexOf(args.string(0, "sub"))));
      case "index" -> method(1, args -> index(text, args));
      case "count" -> method(1, args -> count(text, args));
      case "removeprefix" -> method(1, args -> removePrefix(text, args.string(0, "prefix")));
      case "removesuffix" -> method(1, args -> removeSuffix(text, args.string(0, "suffix")));
      case "isdigit" -> method(0, args -> all(text, Character::isDigit));
      case "isalpha" -> method(0, args -> all(text, Character::isLetter));
      case "isalnum" -> method(0, args -> all(text, Character::isLetterOrDigit));
      case "isspace" -> method(0, args -> all(text, Text::isSpace));
      case "isupper" -> method(0, args -> cased(text, text.toUpperCase(Locale.ROOT)));
      case "islower" -> method(0, args -> cased(text, text.toLowerCase(Locale.ROOT)));
      default -> new Undefined("'" + name + "' of a string");
    };
  }

  private static Callable method(int most, Callable body) {
    return args -> body.call(args.only(most));
  }

  private static IntPredicate dropped(Args args) {
    if (args.get(0, "chars", None.NONE) == None.NONE) {
      return Text::isSpace;
    }
    String characters = args.string(0, "chars");
    return c -> characters.indexOf(c) >= 0;
  }

  private interface Affix {
    boolean matches(String affix);
  }

  private static boolean any(Args args, Affix text) {
    Object affix = args.need(0, "prefix");
    List<Object> choices =
        affix instanceof Sequence tuple ? new ArrayList<Object>(tuple) : List.of(affix);
    boolean found = false;
    for (Object choice : choices) {
      if (!(choice instanceof String string)) {
        throw args.error("needs a string or a tuple of strings");
      }
      found |= text.matches(string);
    }
    return found;
  }

  private static Object split(String text, Args args) {
    args.only(2, "sep", "maxsplit");
    int most = args.integer(1, "maxsplit", -1);
    if (args.get(0, "sep", None.NONE) == None.NONE) {
      return words(text, most);
    }
    String separator = separator(args);
    List<Object> out = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && (most < 0 || out.size() < most);
        at = text.indexOf(separator, from)) {
      out.add(text.substring(from, at));
      from = at + separator.length();
    }
    out.add(text.substring(from));
    return out;
  }

  private static String separator(Args args) {
    String separator = args.string(0, "sep");
    if (separator.isEmpty()) {
      throw args.error("needs a separator that is not empty");
    }
    return separator;
  }

  private static List<Object> words(String text, int most) {
    List<Object> out = new ArrayList<>();
    String rest = Text.stripStart(text, Text::isSpace);
    while (!rest.isEmpty() && (most < 0 || out.size() < most)) {
      String after = Text.stripStart(rest, c -> !Text.isSpace(c));
      out.add(rest.substring(0, rest.length() - after.length()));
      rest = Text.stripStart(after, Text::isSpace);
    }
    if (!rest.isEmpty()) {
      out.add(Text.stripEnd(rest));
    }
    return out;
  }

  private static Object splitFromEnd(String text, Args args) {
    args.only(2, "sep", "maxsplit");
    String separator = separator(args);
    int most = args.integer(1, "maxsplit", -1);
    List<Object> out = new ArrayList<>();
    String rest = text;
    for (int at = rest.lastIndexOf(separator);
        at >= 0 && (most < 0 || out.size() < most);
        at = rest.lastIndexOf(separator)) {
      out.addFirst(rest.substring(at + separator.length()));
      rest = rest.substring(0, at);
    }
    out.addFirst(rest);
    return out;
  }

  private static List<Object> lines(String text) {
    List<Object> out = new ArrayList<>(Arrays.asList((Object[]) LINE_END.split(text, -1)));
    if (out.getLast().equals("")) {
      out.removeLast();
    }
    return out;
  }

  static String title(String text) {
    var out = new StringBuilder();
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return out.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + text.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
  }

  static String replace(String text, Args args) {
    String old = args.string(0, "old");
    String with = args.string(1, "new");
    int most = args.integer(2, "count", -1);
    if (most < 0) {
      return text.replace(old, with);
    }
    if (old.isEmpty()) {
      throw args.error("with a count needs something to replace");
    }
    var out = new StringBuilder();
    int from = 0;
    for (int done = 0, at = text.indexOf(old); at >= 0 && done < most; done++) {
      out.append(text, from, at).append(with);
      from = at + old.length();
      at = text.indexOf(old, from);
    }
    return out.append(text.substring(from)).toString();
  }

  private static String join(String separator, Args args) {
    List<String> parts = new ArrayList<>();
    for (Object item : Values.items(args.need(0, "iterable"), args.line())) {
      if (!(item instanceof String part)) {
        throw args.error("can join strings only, not " + Values.describe(item));
      }
      parts.add(part);
    }
    return String.join(separator, parts);
  }

  // Python counts characters, Java UTF-16 units.
  private static long position(String text, int unit) {
    return unit < 0 ? -1 : text.codePointCount(0, unit);
  }

  private static long index(String text, Args args) {
    long found = position(text, text.indexOf(args.string(0, "sub")));
    if (found < 0) {
      throw args.error("did not find '" + args.string(0, "sub") + "'");
    }
    return found;
  }

  private static long count(String text, Args args) {
    String part = args.string(0, "sub");
    if (part.isEmpty()) {
      return text.codePointCount(0, text.length()) + 1L;
    }
    return ((long) text.length() - text.replace(part, "").length()) / part.length();
  }

  private static String removePrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String removeSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static boolean all(String text, IntPredicate property) {
    return !text.isEmpty() && text.codePoints().allMatch(property);
  }

  private static boolean cased(String text, String changed) {
    return text.equals(changed)
        && text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
  }
}
