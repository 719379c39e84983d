package dev.farspan.runtime.engine;

import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.checkpoint.TokenizerFiles;
import dev.farspan.tokenizer.ChatTemplate;
import dev.farspan.tokenizer.GgufTokenizer;
import dev.farspan.tokenizer.GgufVocabulary;
import dev.farspan.tokenizer.HfTokenizer;
import dev.farspan.tokenizer.Tokenizer;
import dev.farspan.tokenizer.TokenizerConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// From what a checkpoint carries to a tokenizer and a chat template.
final class TokenizerFactory {
  private TokenizerFactory() {}

  static Tokenizer tokenizer(Checkpoint checkpoint, Optional<String> pre) {
    return switch (checkpoint.tokenizer()) {
      case TokenizerFiles.Gguf gguf -> GgufTokenizer.from(vocabulary(gguf, pre));
      case TokenizerFiles.HuggingFace files -> {
        requireNone(checkpoint, pre);
        Path json =
            files
                .tokenizer()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            checkpoint.path()
                                + " has no tokenizer.json, so it can't read text; add the file, or"
                                + " use token ids"));
        yield HfTokenizer.open(json, config(files));
      }
    };
  }

  static Optional<String> preTokenizer(Checkpoint checkpoint, Optional<String> pre) {
    return switch (checkpoint.tokenizer()) {
      case TokenizerFiles.Gguf gguf ->
          Optional.of(vocabulary(gguf, pre))
              .filter(GgufVocabulary::usesPre)
              .map(GgufVocabulary::pre);
      case TokenizerFiles.HuggingFace _ -> {
        requireNone(checkpoint, pre);
        yield Optional.empty();
      }
    };
  }

  private static GgufVocabulary vocabulary(TokenizerFiles.Gguf gguf, Optional<String> pre) {
    GgufVocabulary file = GgufVocabulary.fromMetadata(gguf.metadata());
    return pre.map(file::withPre).orElse(file);
  }

  private static void requireNone(Checkpoint checkpoint, Optional<String> pre) {
    if (pre.isPresent()) {
      throw new IllegalArgumentException(
          "%s has its own tokenizer.json, so the pre-tokenizer '%s' cannot be chosen: leave it out"
              .formatted(checkpoint.path(), pre.get()));
    }
  }

  static Optional<ChatTemplate> chatTemplate(Checkpoint checkpoint, Tokenizer tokenizer) {
    return switch (checkpoint.tokenizer()) {
      case TokenizerFiles.Gguf gguf ->
          gguf.chatTemplate()
              .map(
                  jinja ->
                      ChatTemplate.of(
                          jinja,
                          special(gguf.metadata(), "tokenizer.ggml.bos_token_id", tokenizer),
                          special(gguf.metadata(), "tokenizer.ggml.eos_token_id", tokenizer)));
      case TokenizerFiles.HuggingFace files -> {
        TokenizerConfig config = config(files);
        yield config
            .chatTemplate()
            .map(
                jinja ->
                    ChatTemplate.of(
                        jinja, config.bosToken().orElse(""), config.eosToken().orElse("")));
      }
    };
  }

  private static String special(Map<String, Object> metadata, String key, Tokenizer tokenizer) {
    return metadata.get(key) instanceof Number id && id.intValue() >= 0
        ? tokenizer.tokenText(id.intValue())
        : "";
  }

  private static TokenizerConfig config(TokenizerFiles.HuggingFace files) {
    return files.config().map(TokenizerConfig::read).orElse(TokenizerConfig.EMPTY);
  }
}
