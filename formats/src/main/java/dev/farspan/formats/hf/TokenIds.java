package dev.farspan.formats.hf;

import dev.farspan.context.lint.Findings;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.MappedFile;
import dev.farspan.formats.files.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The token ids at which generation ends: `eos_token_id`, one or a list.
public final class TokenIds {
  /// The name of the file whose ids take precedence over those of the configuration.
  public static final String GENERATION_FILE = "generation_config.json";

  private static final String KEY = "eos_token_id";

  private TokenIds() {}

  /// Returns the ids at which generation ends.
  ///
  /// @param directory a model's directory
  /// @param otherwise the ids that the configuration gives
  /// @return those of `generation_config.json`, as in transformers, or else the configuration's
  /// @throws FormatException if that file is there but is not JSON or has ids that are none
  public static Set<Integer> endOfText(Path directory, Set<Integer> otherwise) {
    Path file = directory.resolve(GENERATION_FILE);
    if (!Files.exists(file)) {
      return otherwise;
    }
    Findings findings = new Findings();
    Set<Integer> ids;
    try (MappedFile mapped = MappedFile.open(file)) {
      ids = endOfText(StrictJson.object(mapped.bytes(), file.toString()), findings);
    }
    findings
        .errors()
        .ifPresent(
            errors -> {
              throw new FormatException(file.toString(), errors);
            });
    return ids.isEmpty() ? otherwise : ids;
  }

  static Set<Integer> endOfText(JsonNode root, Findings findings) {
    JsonNode value = root.path(KEY);
    if (value.isMissingNode() || value.isNull()) {
      // Gemma 3 with a vision tower keeps the ids of the text model inside.
      value = root.path("text_config").path(KEY);
    }
    Set<Integer> ids = new TreeSet<>();
    if (value.isMissingNode() || value.isNull() || (value.isBoolean() && !value.booleanValue())) {
      return ids;
    }
    for (JsonNode id : value.isArray() ? value.values() : List.of(value)) {
      if (!id.isInt() || id.intValue() < 0) {
        findings.error(KEY, "is not a token id or a list of them");
        return Set.of();
      }
      ids.add(id.intValue());
    }
    return ids;
  }
}
