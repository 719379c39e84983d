package dev.farspan.evaluation.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/// The text that needles are hidden in.
///
/// @param name what it is, for reports
/// @param text the text
public record Haystack(String name, String text) {
  /// Checks that there is a text.
  ///
  /// @throws IllegalArgumentException if it is blank
  public Haystack {
    if (text.isBlank()) {
      throw new IllegalArgumentException(name + " is empty: take a text to hide needles in");
    }
  }

  /// Returns the text that is shipped: Genesis and Exodus of the King James Bible of 1611, in the
  /// public domain, from Debian's package `bible-kjv-text`, without the numbers of the verses.
  ///
  /// @return 377,000 characters
  public static Haystack standard() {
    try (InputStream packed =
            Objects.requireNonNull(Haystack.class.getResourceAsStream("genesis-exodus.txt.gz"));
        InputStream in = new GZIPInputStream(packed)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Haystack("Genesis and Exodus (King James)", text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the text that is shipped", e);
    }
  }
}
