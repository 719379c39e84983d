package dev.farspan.formats.hf;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.lint.Findings;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.MappedFile;
import dev.farspan.formats.files.StrictJson;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a Hugging Face `config.json` says.
///
/// @param model the model's shape, as transformers would build it
/// @param findings warnings: what the file leaves to guess, contradicts, or asks for in vain
/// @param endOfText token ids at which the file says generation ends
public record HfConfig(ModelConfig model, List<Finding> findings, Set<Integer> endOfText) {
  /// The name of the file in a model's directory.
  public static final String FILE = "config.json";

  /// A method that the directory was exported for and can't express (docs/export.md).
  public static final String NOTED = "farspan_method";

  /// Copies the collections.
  public HfConfig {
    findings = List.copyOf(findings);
    endOfText = Set.copyOf(endOfText);
  }

  /// Reads a configuration.
  ///
  /// @param file a `config.json`
  /// @return what it says
  /// @throws FormatException in one sentence, if it is not JSON, of an unknown family, or has a
  ///   setting that is missing, of the wrong kind, or unknown where ignoring it would be a guess
  public static HfConfig read(Path file) {
    return of(node(file), file.toString());
  }

  /// Reads a configuration.
  ///
  /// @param json text of a `config.json`
  /// @param file what to call it in errors
  /// @return what it says
  /// @throws FormatException as [#read] does
  public static HfConfig parse(String json, String file) {
    return of(node(json, file), file);
  }

  /// Returns everything that is odd or wrong about a configuration, errors included.
  ///
  /// @param file a `config.json`
  /// @return the findings; if one is an error, [#read] refuses the file
  /// @throws FormatException if it is not JSON or of an unknown family
  public static List<Finding> lint(Path file) {
    return lint(node(file), file.toString());
  }

  /// Returns everything that is odd or wrong about a configuration, errors included.
  ///
  /// @param json text of a `config.json`
  /// @param file what to call it in errors
  /// @return the findings; if one is an error, [#parse] refuses the text
  /// @throws FormatException if it is not JSON or of an unknown family
  public static List<Finding> lint(String json, String file) {
    return lint(node(json, file), file);
  }

  private static HfConfig of(JsonNode root, String file) {
    Findings findings = new Findings();
    try {
      ModelConfig model = HfReader.of(root, file, findings).model();
      Set<Integer> endOfText = TokenIds.endOfText(root, findings);
      refuse(findings, file);
      return new HfConfig(model, findings.list(), endOfText);
    } catch (IllegalArgumentException e) { // a value that a record of the model refuses
      refuse(findings, file);
      throw new FormatException(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Finding> lint(JsonNode root, String file) {
    Findings findings = new Findings();
    try {
      HfReader.of(root, file, findings).model();
    } catch (IllegalArgumentException e) {
      if (findings.errors().isEmpty()) {
        findings.error(FILE, "cannot be used: " + e.getMessage());
      }
    }
    TokenIds.endOfText(root, findings);
    return findings.list();
  }

  private static void refuse(Findings findings, String file) {
    findings
        .errors()
        .ifPresent(
            errors -> {
              throw new FormatException(file, errors);
            });
  }

  private static JsonNode node(Path file) {
    try (MappedFile mapped = MappedFile.open(file)) {
      return StrictJson.object(mapped.bytes(), file.toString());
    }
  }

  private static JsonNode node(String json, String file) {
    return StrictJson.object(MemorySegment.ofArray(json.getBytes(StandardCharsets.UTF_8)), file);
  }
}
