package dev.farspan.formats.adapter;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.MappedFile;
import dev.farspan.formats.files.Names;
import dev.farspan.formats.files.StrictJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// What an `adapter_config.json` says: how strongly each low-rank update counts.
///
/// @param file the file, for errors
/// @param base the base model's name or path, empty if there is none
/// @param usual rank and alpha of the maps that no pattern names
/// @param ranks other ranks by pattern, in order
/// @param alphas other alphas by pattern, in order
/// @param rankStabilised whether updates count alpha over the root of the rank (rsLoRA, arXiv
///   2312.03732), not over the rank
/// @param tied whether a head that is the embedding stays so where the embedding is trained
public record AdapterConfig(
    Path file,
    String base,
    Scale usual,
    Map<Pattern, Double> ranks,
    Map<Pattern, Double> alphas,
    boolean rankStabilised,
    boolean tied) {
  /// The name of the file in an adapter's directory.
  public static final String FILE = "adapter_config.json";

  /// Settings that are read here, say what the tensors say too, or steer the training alone.
  private static final Set<String> KNOWN =
      Set.of(
          "peft_type",
          "base_model_name_or_path",
          "r",
          "lora_alpha",
          "rank_pattern", //
          "alpha_pattern",
          "use_rslora",
          "ensure_weight_tying",
          "init_lora_weights", //
          "target_modules",
          "exclude_modules",
          "modules_to_save",
          "bias",
          "layers_pattern",
          "layers_to_transform",
          "task_type",
          "auto_mapping",
          "inference_mode",
          "lora_dropout",
          "revision",
          "peft_version",
          "eva_config",
          "loftq_config",
          "megatron_core",
          "qalora_group_size");

  /// First values that leave the base as it is; others, such as `pissa`, take a part out of it.
  private static final Set<String> GENTLE = Set.of("gaussian", "eva", "orthogonal");

  /// What an update is multiplied by.
  ///
  /// @param rank rows of A
  /// @param alpha the numerator
  public record Scale(double rank, double alpha) {}

  /// Copies the maps.
  public AdapterConfig {
    ranks = new LinkedHashMap<>(ranks);
    alphas = new LinkedHashMap<>(alphas);
  }

  /// Reads the file.
  ///
  /// @param file an `adapter_config.json`
  /// @return what it says
  /// @throws FormatException in one sentence, if it is no JSON, describes another kind of adapter
  ///   than LoRA, or has a setting that is not supported
  public static AdapterConfig read(Path file) {
    JsonNode root;
    try (MappedFile mapped = MappedFile.open(file)) {
      root = StrictJson.object(mapped.bytes(), file.toString());
    }
    requireLora(root, file);
    return new AdapterConfig(
        file,
        root.path("base_model_name_or_path").asString(""),
        new Scale(number(root, "r", file), number(root, "lora_alpha", file)),
        patterns(root, "rank_pattern", file),
        patterns(root, "alpha_pattern", file),
        flag(root, "use_rslora", file),
        flag(root, "ensure_weight_tying", file));
  }

  private static void requireLora(JsonNode root, Path file) {
    String type = root.path("peft_type").asString("");
    if (!type.equals("LORA")) {
      throw new FormatException(
          file.toString(),
          "is an adapter of the type %s; only LORA can be run here"
              .formatted(type.isEmpty() ? "that it does not name" : Names.quote(type)));
    }
    for (Map.Entry<String, JsonNode> setting : root.properties()) {
      if (!KNOWN.contains(setting.getKey()) && isSet(setting.getValue())) {
        throw new FormatException(
            file.toString(),
            "asks for %s, which is not supported here; merge the adapter into its base with PEFT"
                .formatted(Names.quote(setting.getKey())));
      }
    }
    JsonNode first = root.path("init_lora_weights");
    if (first.isString() && !GENTLE.contains(first.stringValue())) {
      throw new FormatException(
          file.toString(),
          "has init_lora_weights = %s, which changes the base; save it as an adapter of the unchanged"
                  .formatted(Names.quote(first.stringValue()))
              + " base (PEFT's path_initial_model_for_weight_conversion)");
    }
  }

  private static boolean isSet(JsonNode value) {
    boolean off =
        value.isNull()
            || (value.isBoolean() && !value.booleanValue())
            || (value.isContainer() && value.isEmpty());
    return !off;
  }

  private static double number(JsonNode root, String key, Path file) {
    return positive(root.path(key), key, file);
  }

  private static double positive(JsonNode value, String key, Path file) {
    if (!value.isNumber() || !(value.doubleValue() > 0)) {
      throw new FormatException(file.toString(), "needs a positive number as " + Names.quote(key));
    }
    return value.doubleValue();
  }

  private static boolean flag(JsonNode root, String key, Path file) {
    JsonNode value = root.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw new FormatException(file.toString(), "needs true or false as " + Names.quote(key));
    }
    return value.asBoolean(false);
  }

  /// A key stands for the modules whose name it ends (`utils/other.py`, `get_pattern_key`).
  private static Map<Pattern, Double> patterns(JsonNode root, String key, Path file) {
    Map<Pattern, Double> patterns = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path(key).properties()) {
      try {
        patterns.put(
            Pattern.compile("(?:.*\\.)?(?:" + entry.getKey() + ")"),
            positive(entry.getValue(), key, file));
      } catch (PatternSyntaxException e) {
        throw new FormatException(
            file.toString(),
            "has %s in %s, which is no pattern".formatted(Names.quote(entry.getKey()), key),
            e);
      }
    }
    return patterns;
  }

  /// Returns what the update of a module is multiplied by.
  ///
  /// @param module its name in the model, such as `model.layers.0.self_attn.q_proj`
  /// @param rank rows of its A
  /// @return the factor on `B A`
  /// @throws FormatException if the rank is not the one that is said here
  double scale(String module, int rank) {
    double said = first(ranks, module, usual.rank());
    if (said != rank) {
      throw new FormatException(
          file.toString(),
          "says rank %s of %s, whose tensors have rank %d: the files do not belong together"
              .formatted(Double.toString(said), Names.quote(module), rank));
    }
    return first(alphas, module, usual.alpha()) / (rankStabilised ? Math.sqrt(rank) : rank);
  }

  private static double first(Map<Pattern, Double> patterns, String module, double otherwise) {
    return patterns.entrySet().stream()
        .filter(entry -> entry.getKey().matcher(module).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
