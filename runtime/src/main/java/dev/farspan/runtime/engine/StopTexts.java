package dev.farspan.runtime.engine;

import java.util.List;

/// Holds back text that may be the beginning of a stop text, and finds the stop texts.
final class StopTexts {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopTexts(List<String> stops) {
    this.stops = stops;
  }

  /// Takes a piece of text and returns what is sure to be part of the result.
  String accept(String piece) {
    held.append(piece);
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    found = first >= 0;
    return release(found ? first : held.length() - undecided());
  }

  boolean found() {
    return found;
  }

  /// Returns what is left when the generation ends without a stop text.
  String finish() {
    return found ? "" : release(held.length());
  }

  private String release(int count) {
    String sure = held.substring(0, count);
    held.delete(0, count);
    return sure;
  }

  /// Length of the longest end of the held text that begins a stop text.
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
