package dev.farspan.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a size in bytes: `16G` and `16GB` are powers of 1000, `16GiB` is a power of 1024.
final class ByteCount implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)(i?)b?");
  private static final List<String> UNITS = List.of("", "k", "m", "g", "t");

  @Override
  public Long convert(String text) {
    Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (size.matches() && (size.group(3).isEmpty() || !size.group(2).isEmpty())) {
      double unit = Math.pow(size.group(3).isEmpty() ? 1000 : 1024, UNITS.indexOf(size.group(2)));
      double bytes = Double.parseDouble(size.group(1)) * unit;
      if (bytes >= 1 && bytes < Long.MAX_VALUE) {
        return Math.round(bytes);
      }
    }
    throw new TypeConversionException("'%s' is not a size such as 16GB or 12GiB".formatted(text));
  }
}
