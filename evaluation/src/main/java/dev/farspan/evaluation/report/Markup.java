package dev.farspan.evaluation.report;

import java.util.Locale;

/// Spelling of text and numbers in XML and HTML.
final class Markup {
  private Markup() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /// A coordinate, to a tenth of a pixel.
  static String px(double x) {
    String tenth = String.format(Locale.ROOT, "%.1f", x);
    return tenth.endsWith(".0") ? tenth.substring(0, tenth.length() - 2) : tenth;
  }

  /// A count with its thousands apart.
  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
