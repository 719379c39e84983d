package dev.farspan.formats.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Words names from files for error messages.
public final class Names {
  private static final int LONGEST_SHOWN = 100;
  private static final int LONGEST_COMPARED = 200;
  private static final int SUGGESTIONS = 3;

  private Names() {}

  /// Returns a name in quotes that is safe to print: one line, of bounded length.
  ///
  /// @param name any text
  /// @return the text with control characters replaced, cut off with a mark
  public static String quote(String name) {
    String shown = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "..." : name;
    return "'" + shown.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?") + "'";
  }

  /// Returns a clause that names the known names most like a missing one.
  ///
  /// @param missing the name that was asked for
  /// @param known the names there are
  /// @return such as `; similar: 'a', 'b'`
  public static String similar(String missing, Collection<String> known) {
    List<String> nearest =
        known.stream()
            .filter(name -> name.length() <= LONGEST_COMPARED)
            .sorted(Comparator.comparingInt(name -> distance(missing, name)))
            .limit(SUGGESTIONS)
            .map(Names::quote)
            .toList();
    return nearest.isEmpty() ? "; there are none" : "; similar: " + String.join(", ", nearest);
  }

  /// Returns a name as UTF-8.
  ///
  /// @param text any text
  /// @return its bytes
  /// @throws IllegalArgumentException if it has half a surrogate pair, which UTF-8 cannot spell
  public static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
      throw new IllegalArgumentException("text " + quote(text) + " cannot be stored as UTF-8");
    }
    return bytes;
  }

  /// Returns why a file could not be used; some exceptions name only a path.
  ///
  /// @param e what happened
  /// @return the reason in words
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no such file or directory";
      case AccessDeniedException denied -> "permission is denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  /// Levenshtein's distance, one row of the table at a time.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
