package dev.farspan.formats.files;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/// What is wrong with JSON, in words for its author.
///
/// @param place such as ` at line 3, column 17`; empty where it is not known
/// @param what such as `Unexpected end-of-input`
public record JsonProblem(String place, String what) {
  /// Returns what a parser found, without its words about itself.
  ///
  /// @param e what it threw
  /// @return the problem
  public static JsonProblem of(JacksonException e) {
    String what =
        String.valueOf(e.getOriginalMessage())
            .replaceAll("(?s)\\s*\\(start marker at \\[Source.*?]\\)", "")
            .replaceAll("(?s)\\s*(at )?\\[Source.*", "");
    TokenStreamLocation place = e.getLocation();
    return new JsonProblem(
        place == null || place.getLineNr() < 1
            ? ""
            : " at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr()),
        what);
  }
}
