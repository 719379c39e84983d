package dev.farspan.tokenizer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// A GGUF vocabulary as the files of a Hugging Face directory.
public final class GgufToHf {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";

  private GgufToHf() {}

  /// Returns the files.
  ///
  /// @param vocabulary what the GGUF file says
  /// @param chatTemplate its chat template, if it has one
  /// @param length positions of the model (`model_max_length`)
  /// @return texts by name: tokenizer.json and tokenizer_config.json
  /// @throws IllegalArgumentException if the model or the pre-tokenizer is not supported
  public static Map<String, String> files(
      GgufVocabulary vocabulary, Optional<String> chatTemplate, int length) {
    GgufSpecials specials = vocabulary.specials();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    putToken(config, "bos_token", specials.bos(), vocabulary);
    putToken(config, "eos_token", specials.eos(), vocabulary);
    putToken(config, "unk_token", specials.unknown(), vocabulary);
    config.put("add_bos_token", specials.addBos());
    config.put("add_eos_token", specials.addEos());
    config.put("clean_up_tokenization_spaces", false);
    config.put("model_max_length", length);
    chatTemplate.ifPresent(text -> config.put("chat_template", text));
    byte[] json = GgufTokenizerJson.writeFile(vocabulary, GgufTokenizer.spelling(vocabulary));
    String settings =
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
    return Map.of(TOKENIZER, new String(json, StandardCharsets.UTF_8), CONFIG, settings + "\n");
  }

  private static void putToken(
      Map<String, Object> config, String key, int id, GgufVocabulary vocabulary) {
    if (id != GgufSpecials.NONE) {
      config.put(key, vocabulary.tokens().get(id));
    }
  }

  /// Checks that the files in a directory cut sample texts as the vocabulary does.
  ///
  /// @param directory where [#files] were written
  /// @param vocabulary what the GGUF file says
  /// @throws IllegalArgumentException if they don't
  public static void requireSame(Path directory, GgufVocabulary vocabulary) {
    try (Tokenizer wanted = GgufTokenizer.from(vocabulary);
        Tokenizer written =
            HfTokenizer.open(directory.resolve(TOKENIZER), directory.resolve(CONFIG))) {
      SampleTexts.firstUnlike((text, special) -> alike(wanted, written, text, special))
          .ifPresent(
              text -> {
                throw new IllegalArgumentException(
                    "the file's tokenizer can't be written as tokenizer.json: '%s' would be cut into other tokens"
                        .formatted(text));
              });
    }
  }

  private static boolean alike(Tokenizer wanted, Tokenizer written, String text, boolean special) {
    int[] ids = wanted.encode(text, special);
    return Arrays.equals(ids, written.encode(text, special))
        && wanted.decode(ids).equals(written.decode(ids));
  }
}
