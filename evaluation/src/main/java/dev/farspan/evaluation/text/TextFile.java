package dev.farspan.evaluation.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A text and what to call it.
///
/// @param name the file's name, inside its directory where it came from one
/// @param text its content
public record TextFile(String name, String text) {
  private static final String HELD_OUT = "held-out.txt";

  /// Returns the text that is shipped to measure the embedded model on: a piece of the King James
  /// Bible of 1611, in the public domain, from the last 5 % of the text, which its training left
  /// out.
  ///
  /// @return 40,000 characters
  public static TextFile heldOut() {
    try (InputStream in =
        Objects.requireNonNull(TextFile.class.getResourceAsStream(HELD_OUT), HELD_OUT)) {
      return new TextFile(HELD_OUT, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the text that is shipped", e);
    }
  }

  /// Returns the text in parts of nearly equal length, cut at the ends of lines.
  ///
  /// @param count how many, at least 1
  /// @return the parts in order; joined they are the text
  /// @throws IllegalArgumentException if there are fewer lines than parts
  public List<TextFile> parts(int count) {
    List<TextFile> parts = new ArrayList<>();
    int from = 0;
    for (int part = 1; part <= count; part++) {
      int near = (int) ((long) text.length() * part / count);
      int end = part == count ? text.length() : text.lastIndexOf('\n', near - 1) + 1;
      if (end <= from) {
        throw new IllegalArgumentException(
            "%s has too few lines for %d parts".formatted(name, count));
      }
      parts.add(new TextFile("%s, part %d".formatted(name, part), text.substring(from, end)));
      from = end;
    }
    return parts;
  }
}
