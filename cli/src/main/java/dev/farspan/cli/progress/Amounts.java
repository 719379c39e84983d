package dev.farspan.cli.progress;

import java.time.Duration;
import java.util.Locale;

/// Spells counts, sizes, rates and times for people.
public final class Amounts {
  private static final String[] LARGE = {"B", "kB", "MB", "GB", "TB", "PB"};

  private Amounts() {}

  /// Returns a count with its thousands set apart.
  ///
  /// @param count any number
  /// @return such as `15,336`
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// Returns a size in the unit that suits it, in powers of 1000 as disks and networks count.
  ///
  /// @param bytes a size, not negative
  /// @return such as `98.4 MB`
  public static String bytes(long bytes) {
    int unit = 0;
    double value = (double) bytes;
    // 999.95 would be printed as 1000.0
    while (value >= 999.95 && unit < LARGE.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0
        ? String.format(Locale.ROOT, "%.0f B", value)
        : String.format(Locale.ROOT, "%.1f %s", value, LARGE[unit]);
  }

  /// Returns how many units pass in a second.
  ///
  /// @param perSecond the rate
  /// @param unit what is counted
  /// @return such as `232 tokens/s`
  public static String rate(double perSecond, Task.Unit unit) {
    return switch (unit) {
      case BYTES -> bytes(Math.round(perSecond)) + "/s";
      case TOKENS ->
          String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%,.0f", perSecond) + " tokens/s";
    };
  }

  /// Returns a time to the precision that matters.
  ///
  /// @param time a time, not negative
  /// @return such as `80 ms`, `3.2 s`, `37 s`, `2 min 5 s`, `1 h 12 min`
  public static String time(Duration time) {
    long millis = time.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    long tenths = Math.round(millis / 100.0);
    if (tenths < 100) {
      return String.format(Locale.ROOT, "%.1f s", tenths / 10.0);
    }
    return whole(Math.round(millis / 1000.0));
  }

  /// Returns a predicted time, in whole seconds at best.
  ///
  /// @param seconds the prediction
  /// @return such as `37 s`
  static String prediction(double seconds) {
    return whole(Math.round(seconds));
  }

  private static String whole(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    return Amounts.count(seconds / 3600) + " h " + seconds / 60 % 60 + " min";
  }
}
