package dev.farspan.evaluation.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The name of a line at its end, moved so that no two names cover each other.
final class EndLabel {
  static final double LINE = 15;
  private static final double GAP = 5;
  private static final int LONGEST = 26;
  // A 13 px semibold letter of a wide sans-serif font; narrower fonts leave a little room.
  private static final double LETTER = 8.2;

  private final int curve;
  private final List<String> lines;
  private final double lineEnd;
  private double middle;

  /// `curve`: which method; `lineEnd`: where its line ends, in pixels from the top.
  EndLabel(int curve, String text, double lineEnd) {
    this.curve = curve;
    this.lines = wrap(text);
    this.lineEnd = lineEnd;
    this.middle = lineEnd;
  }

  int curve() {
    return curve;
  }

  List<String> lines() {
    return lines;
  }

  double lineEnd() {
    return lineEnd;
  }

  /// Middle of the text, in pixels from the top.
  double middle() {
    return middle;
  }

  double height() {
    return lines.size() * LINE + GAP;
  }

  static double width(List<String> texts) {
    int letters =
        texts.stream()
            .flatMap(text -> wrap(text).stream())
            .mapToInt(String::length)
            .max()
            .orElse(0);
    return letters * LETTER;
  }

  /// Breaks a method's specification after `+`, `,`, `:` or a blank, and inside a word that has
  /// none.
  static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > LONGEST) {
      int end = LONGEST;
      while (end > 0 && "+,: ".indexOf(rest.charAt(end - 1)) < 0) {
        end--;
      }
      end = end == 0 ? LONGEST : end;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end);
    }
    lines.add(rest);
    return lines;
  }

  /// Moves labels apart: down from the top, then back up from the bottom.
  static void spread(List<EndLabel> labels, double top, double bottom) {
    List<EndLabel> sorted = new ArrayList<>(labels);
    sorted.sort(Comparator.comparingDouble(EndLabel::lineEnd));
    double free = top;
    for (EndLabel label : sorted) {
      label.middle = Math.max(label.middle, free + label.height() / 2);
      free = label.middle + label.height() / 2;
    }
    free = bottom;
    for (EndLabel label : sorted.reversed()) {
      label.middle = Math.min(label.middle, free - label.height() / 2);
      free = label.middle - label.height() / 2;
    }
  }
}
