package dev.farspan.cli;

import dev.farspan.context.method.MethodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a method specification, so that a wrong one is wrong usage.
final class MethodArgument implements ITypeConverter<MethodSpec> {
  /// A piece that starts with `key=` continues the specification before it.
  private static final Pattern CONTINUATION = Pattern.compile("\\s*[\\w-]+\\s*=.*");

  @Override
  public MethodSpec convert(String text) {
    return parse(text);
  }

  static MethodSpec parse(String text) {
    try {
      return MethodSpec.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /// Reads several specifications with commas between them. A comma also separates the parameters
  /// inside one: a piece `key=value` belongs to the specification before it, anything else starts
  /// the next.
  static final class Several implements ITypeConverter<MethodList> {
    @Override
    public MethodList convert(String text) {
      return new MethodList(split(text).stream().map(MethodArgument::parse).toList());
    }

    static List<String> split(String text) {
      List<String> specifications = new ArrayList<>();
      for (String piece : text.split(",", -1)) {
        if (!CONTINUATION.matcher(piece).matches()) {
          specifications.add(piece.strip());
        } else if (!specifications.isEmpty() && takesMore(specifications.getLast())) {
          specifications.add(specifications.removeLast() + "," + piece.strip());
        } else {
          throw new TypeConversionException(
              "'%s' in '%s' follows no method with parameters: write NAME:key=value,key=value"
                  .formatted(piece.strip(), text));
        }
      }
      return List.copyOf(specifications);
    }

    /// Whether the last method of a specification has parameters already.
    private static boolean takesMore(String specification) {
      String[] methods = specification.split("\\+(?=[a-zA-Z])", -1);
      return methods[methods.length - 1].contains(":");
    }
  }
}
