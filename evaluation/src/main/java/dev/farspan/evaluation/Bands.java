package dev.farspan.evaluation;

import java.util.ArrayList;
import java.util.List;

/// Where the positions of a text are cut into bands.
///
/// @param ends one past the last position of each band, ascending; the first band starts at 0
public record Bands(List<Integer> ends) {
  private static final int FIRST = 256;

  /// Copies and checks the list.
  ///
  /// @throws IllegalArgumentException if it is empty or does not ascend from above 0
  public Bands {
    ends = List.copyOf(ends);
    if (ends.isEmpty()) {
      throw new IllegalArgumentException("no bands are given; name at least one upper end");
    }
    int last = 0;
    for (int end : ends) {
      if (end <= last) {
        throw new IllegalArgumentException(
            "the upper ends of bands must ascend from above 0, but " + end + " follows " + last);
      }
      last = end;
    }
  }

  /// Returns bands that double from 256 on and cover a text.
  ///
  /// @param tokens how many tokens the text has
  /// @return the bands 0-256, 256-512, 512-1024, and so on
  public static Bands doubling(int tokens) {
    return around(Integer.MAX_VALUE, tokens);
  }

  /// Returns bands that double up to the trained length and are a quarter of it wide beyond, where
  /// methods come apart.
  ///
  /// @param trainedLength tokens the model was trained for; always the end of a band
  /// @param tokens how many tokens the text has
  /// @return bands that cover the text
  public static Bands around(int trainedLength, int tokens) {
    List<Integer> ends = new ArrayList<>();
    long end = Math.min(FIRST, trainedLength);
    for (; end < tokens; end = next(end, trainedLength)) {
      ends.add((int) end);
    }
    ends.add((int) Math.min(Integer.MAX_VALUE, end));
    return new Bands(ends);
  }

  private static long next(long end, int trainedLength) {
    return end < trainedLength
        ? Math.min(2 * end, trainedLength)
        : end + Math.max(1, trainedLength / 4);
  }

  /// Returns the bands that hold a prediction, the last cut to the text.
  ///
  /// The last token has no target, so a band that would hold it alone is left out.
  ///
  /// @param tokens how many tokens the text has
  /// @return ascending ranges without a gap
  public List<Range> ranges(int tokens) {
    List<Range> ranges = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      if (from < tokens - 1) {
        ranges.add(new Range(from, Math.min(end, tokens)));
      }
      from = end;
    }
    return ranges;
  }

  /// A band.
  ///
  /// @param from first position
  /// @param to one past the last
  public record Range(int from, int to) {}
}
