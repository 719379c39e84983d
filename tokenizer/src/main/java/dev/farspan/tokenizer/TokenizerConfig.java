package dev.farspan.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a `tokenizer_config.json` says beyond the tokenizer itself.
///
/// @param bosToken text of the begin-of-text token
/// @param eosToken text of the end-of-text token
/// @param addBos whether encoding starts with the begin-of-text token, if the file says so
/// @param addEos whether encoding ends with the end-of-text token, if the file says so
/// @param chatTemplate the Jinja source of the chat template
public record TokenizerConfig(
    Optional<String> bosToken,
    Optional<String> eosToken,
    Optional<Boolean> addBos,
    Optional<Boolean> addEos,
    Optional<String> chatTemplate) {
  /// What a directory without the file says.
  public static final TokenizerConfig EMPTY =
      new TokenizerConfig(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /// Returns the configuration in that file.
  ///
  /// A `chat_template.jinja` beside it takes the place of the template in the file, as in
  /// transformers. Of several named templates the one called `default` is taken.
  ///
  /// @param file a tokenizer_config.json
  /// @return what it says
  /// @throws IllegalArgumentException if it is not JSON or a value has the wrong type
  public static TokenizerConfig read(Path file) {
    JsonNode root = parse(file);
    return new TokenizerConfig(
        token(root, "bos_token", file),
        token(root, "eos_token", file),
        flag(root, "add_bos_token"),
        flag(root, "add_eos_token"),
        template(root, file));
  }

  static JsonNode parse(Path file) {
    try {
      return JsonMapper.shared().readTree(file);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "cannot read " + file + " as JSON: " + e.getOriginalMessage(), e);
    }
  }

  // A special token is its text or an object that holds it as `content`.
  private static Optional<String> token(JsonNode root, String key, Path file) {
    JsonNode value = root.path(key);
    JsonNode text = value.isObject() ? value.path("content") : value;
    if (text.isMissingNode() || text.isNull()) {
      return Optional.empty();
    }
    if (!text.isString()) {
      throw new IllegalArgumentException(key + " in " + file + " is not a token: " + value);
    }
    return Optional.of(text.stringValue());
  }

  private static Optional<Boolean> flag(JsonNode root, String key) {
    JsonNode value = root.path(key);
    return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
  }

  private static Optional<String> template(JsonNode root, Path file) {
    Path beside = file.resolveSibling("chat_template.jinja");
    if (Files.exists(beside)) {
      return Optional.of(HfTokenizer.readString(beside));
    }
    JsonNode value = root.path("chat_template");
    if (value.isString()) {
      return Optional.of(value.stringValue());
    }
    for (JsonNode named : value) {
      if (named.path("name").asString("").equals("default")) {
        return Optional.of(named.path("template").asString());
      }
    }
    return Optional.empty();
  }
}
