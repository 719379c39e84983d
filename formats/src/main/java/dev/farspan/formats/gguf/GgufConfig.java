package dev.farspan.formats.gguf;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.lint.Findings;
import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What the metadata of a GGUF file says about the model.
///
/// @param model the model's shape
/// @param findings warnings: what the file leaves to guess
/// @param endOfText token ids at which the file says generation ends
public record GgufConfig(ModelConfig model, List<Finding> findings, Set<Integer> endOfText) {
  private static final String ARCHITECTURE = "general.architecture";

  /// A method that the file was exported for and can't express (docs/export.md).
  public static final String NOTED = "farspan.method";

  /// Copies the collections.
  public GgufConfig {
    findings = List.copyOf(findings);
    endOfText = Set.copyOf(endOfText);
  }

  /// Reads the model's shape.
  ///
  /// @param file an open model
  /// @return what its metadata says
  /// @throws FormatException in one sentence, if the architecture is not known, or a key is
  ///   missing, of the wrong kind, or a RoPE key that nothing reads
  public static GgufConfig of(GgufFile file) {
    Findings findings = new Findings();
    try {
      ModelConfig model = reader(file, findings).model();
      warnOfNoted(file.metadata(), findings);
      refuse(file, findings);
      return new GgufConfig(model, findings.list(), endOfText(file.metadata()));
    } catch (IllegalArgumentException e) { // a value that a record of the model refuses
      refuse(file, findings);
      throw new FormatException(file.path().toString(), String.valueOf(e.getMessage()), e);
    }
  }

  /// Returns everything that is odd or wrong about the metadata, errors included.
  ///
  /// @param file an open model
  /// @return the findings; if one is an error, [#of] refuses the file
  /// @throws FormatException if the architecture is not known
  public static List<Finding> lint(GgufFile file) {
    Findings findings = new Findings();
    try {
      reader(file, findings).model();
    } catch (IllegalArgumentException e) {
      if (findings.errors().isEmpty()) {
        findings.error(ARCHITECTURE, "cannot be used: " + e.getMessage());
      }
    }
    return findings.list();
  }

  private static GgufReader reader(GgufFile file, Findings findings) {
    String name = file.metadata().text(ARCHITECTURE);
    GgufArchitecture architecture =
        GgufArchitecture.named(name)
            .orElseThrow(
                () ->
                    new FormatException(
                        file.path().toString(),
                        "has architecture %s, which is not supported; known: %s"
                            .formatted(Names.quote(name), GgufArchitecture.known())));
    Map<String, Object> own = new LinkedHashMap<>();
    file.metadata()
        .forEach(
            (key, value) -> {
              if (key.startsWith(name + ".")) {
                own.put(key.substring(name.length() + 1), GgufData.plain(value));
              }
            });
    Settings settings =
        Settings.of(Map.of(name, own), Map.of(), findings).object(name).orElseThrow();
    return new GgufReader(file, architecture, settings);
  }

  private static void refuse(GgufFile file, Findings findings) {
    findings
        .errors()
        .ifPresent(
            errors -> {
              throw new FormatException(file.path().toString(), errors);
            });
  }

  private static void warnOfNoted(GgufMetadata metadata, Findings findings) {
    if (metadata.get(NOTED) instanceof GgufValue.Text(String method)) {
      findings.warn(
          NOTED, "is '" + method + "', which the file can't express: give it with --method");
    }
  }

  private static Set<Integer> endOfText(GgufMetadata metadata) {
    Set<Integer> ids = new TreeSet<>();
    for (String name : List.of("eos", "eot", "eom")) {
      String key = "tokenizer.ggml." + name + "_token_id";
      // Some writers store 0xFFFFFFFF for none.
      if (metadata.containsKey(key) && metadata.integer(key) >= 0) {
        long id = metadata.integer(key);
        if (id <= Integer.MAX_VALUE) {
          ids.add((int) id);
        }
      }
    }
    return ids;
  }
}
