package dev.farspan.formats.text;

import dev.farspan.formats.files.JsonProblem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON objects as plain Java data, numbers and order kept.
public final class JsonFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonFile() {}

  /// Reads an object.
  ///
  /// @param file the file
  /// @return its content
  /// @throws IllegalArgumentException if it does not hold one
  public static Map<String, Object> read(Path file) {
    try {
      return MAPPER.readValue(file, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (JacksonException e) {
      JsonProblem problem = JsonProblem.of(e);
      throw new IllegalArgumentException(
          "%s is not a JSON object%s: %s".formatted(file, problem.place(), problem.what()), e);
    }
  }

  /// Returns an object as a file holds it.
  ///
  /// @param values its content
  /// @return several lines
  public static String text(Map<String, ?> values) {
    return MAPPER.writeValueAsString(values) + "\n";
  }

  /// Writes an object; the file is there whole or not at all.
  ///
  /// @param file where to
  /// @param values its content
  /// @throws java.io.UncheckedIOException if it cannot be written
  public static void write(Path file, Map<String, ?> values) {
    WholeFile.write(file, text(values));
  }
}
