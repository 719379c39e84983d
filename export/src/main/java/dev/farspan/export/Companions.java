package dev.farspan.export;

import dev.farspan.formats.checkpoint.TokenizerFiles;
import dev.farspan.formats.text.JsonFile;
import dev.farspan.formats.text.WholeFile;
import dev.farspan.tokenizer.GgufToHf;
import dev.farspan.tokenizer.GgufVocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What lies beside the weights of a Hugging Face directory: tokenizer, templates, licence.
///
/// @param copied files that are taken over as they are
/// @param written texts by the name of their file
/// @param vocabulary what a tokenizer that was made anew is to agree with
record Companions(
    List<Path> copied, Map<String, String> written, Optional<GgufVocabulary> vocabulary) {
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

  private static final List<String> NAMES =
      List.of(
          "tokenizer.json",
          "tokenizer.model",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "generation_config.json",
          "chat_template.jinja",
          "chat_template.json",
          "LICENSE",
          "LICENSE.txt",
          "LICENSE.md",
          "NOTICE");

  Companions {
    copied = List.copyOf(copied);
    written = Map.copyOf(written);
  }

  /// Those of a directory, the length that the tokenizer's configuration states brought up to date.
  static Companions of(Path directory, int length) {
    List<Path> copied =
        NAMES.stream().map(directory::resolve).filter(Files::isRegularFile).toList();
    Path config = directory.resolve(TOKENIZER_CONFIG);
    if (!Files.isRegularFile(config)) {
      return new Companions(copied, Map.of(), Optional.empty());
    }
    Map<String, Object> settings = new LinkedHashMap<>(JsonFile.read(config));
    // transformers warns of longer texts, and cuts them where asked to.
    settings.computeIfPresent("model_max_length", (_, _) -> length);
    return new Companions(
        copied, Map.of(TOKENIZER_CONFIG, JsonFile.text(settings)), Optional.empty());
  }

  /// Those that a GGUF file's tokenizer stands for; none, if it has none.
  static Companions of(TokenizerFiles.Gguf tokenizer, int length) {
    if (!tokenizer.metadata().containsKey("tokenizer.ggml.tokens")) {
      return new Companions(List.of(), Map.of(), Optional.empty());
    }
    GgufVocabulary vocabulary = GgufVocabulary.fromMetadata(tokenizer.metadata());
    return new Companions(
        List.of(),
        GgufToHf.files(vocabulary, tokenizer.chatTemplate(), length),
        Optional.of(vocabulary));
  }

  void write(Path directory) {
    try {
      for (Path file : copied) {
        Files.copy(file, directory.resolve(String.valueOf(file.getFileName())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the tokenizer to " + directory, e);
    }
    written.forEach((name, text) -> WholeFile.write(directory.resolve(name), text));
    vocabulary.ifPresent(wanted -> GgufToHf.requireSame(directory, wanted));
  }
}
