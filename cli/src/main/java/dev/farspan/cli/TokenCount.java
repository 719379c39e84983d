package dev.farspan.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a count of tokens: `4096`, `128k` (times 1024), `1m` (times 1024 * 1024).
final class TokenCount implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int factor = lower.endsWith("k") ? 1024 : lower.endsWith("m") ? 1024 * 1024 : 1;
    String digits = factor == 1 ? lower : lower.substring(0, lower.length() - 1);
    try {
      int count = Math.multiplyExact(Integer.parseInt(digits), factor);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException | ArithmeticException _) {
      // said below
    }
    throw new TypeConversionException(
        "'%s' is not a count of tokens such as 4096 or 128k".formatted(text));
  }

  /// Reads a count of tokens where there must be one at least.
  static final class Positive implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return PositiveCount.atLeastOne(new TokenCount().convert(text));
    }
  }
}
