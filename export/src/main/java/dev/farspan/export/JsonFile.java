package dev.farspan.export;

import dev.farspan.formats.text.WholeFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON objects as plain Java data, numbers and order kept.
final class JsonFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonFile() {}

  static Map<String, Object> read(Path file) {
    try {
      return MAPPER.readValue(file, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "cannot read " + file + " as JSON: " + e.getOriginalMessage(), e);
    }
  }

  static String text(Map<String, ?> values) {
    return MAPPER.writeValueAsString(values) + "\n";
  }

  static void write(Path file, Map<String, ?> values) {
    WholeFile.write(file, text(values));
  }
}
