package dev.farspan.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a whole number of which there must be one at least; what is wrong with it is wrong usage.
final class PositiveCount implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    return atLeastOne(number(text));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException _) {
      throw new TypeConversionException(
          "'%s' is not a whole number up to %,d".formatted(text, Integer.MAX_VALUE));
    }
  }

  static int atLeastOne(int count) {
    if (count < 1) {
      throw new TypeConversionException("must be at least 1, got " + count);
    }
    return count;
  }

  /// Reads a number of threads. The largest machines have some hundreds of processors; far more
  /// threads than that would keep the system busy with themselves.
  static final class Threads implements ITypeConverter<Integer> {
    private static final int MOST = 1024;

    @Override
    public Integer convert(String text) {
      int count = atLeastOne(number(text));
      if (count > MOST) {
        throw new TypeConversionException(
            "must be at most %d, got %d: one for each processor is best".formatted(MOST, count));
      }
      return count;
    }
  }
}
