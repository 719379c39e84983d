package dev.farspan.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Tokenizers stored as a `tokenizer.json`, the format of the `tokenizers` library.
public final class HfTokenizer {
  private HfTokenizer() {}

  /// Returns the tokenizer of a model directory.
  ///
  /// @param tokenizerJson the tokenizer.json
  /// @param tokenizerConfig the tokenizer_config.json that goes with it
  /// @return the tokenizer
  /// @throws IllegalArgumentException if a file is no tokenizer, or decodes in an unknown way
  /// @throws UncheckedIOException if a file cannot be read
  public static Tokenizer open(Path tokenizerJson, Path tokenizerConfig) {
    return open(tokenizerJson, TokenizerConfig.read(tokenizerConfig));
  }

  /// Returns the tokenizer of a tokenizer.json under an already known configuration.
  ///
  /// @param tokenizerJson the tokenizer.json
  /// @param config which tokens begin and end a text
  /// @return the tokenizer
  /// @throws IllegalArgumentException if the file is no tokenizer, or decodes in an unknown way, or
  ///   lacks a token the configuration names
  /// @throws UncheckedIOException if the file cannot be read
  public static Tokenizer open(Path tokenizerJson, TokenizerConfig config) {
    byte[] json = readString(tokenizerJson).getBytes(StandardCharsets.UTF_8);
    var vocabulary = HfVocabulary.read(TokenizerConfig.parse(tokenizerJson), tokenizerJson);
    NativeEncoder encoder = NativeEncoder.of(json, tokenizerJson.toString());
    try {
      return new LibraryTokenizer(
          encoder, vocabulary.table(), specials(vocabulary, config, encoder));
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  static String readString(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static SpecialTokens specials(
      HfVocabulary vocabulary, TokenizerConfig config, NativeEncoder encoder) {
    Optional<Integer> bos = config.bosToken().map(vocabulary::id);
    Optional<Integer> eos = config.eosToken().map(vocabulary::id);
    Set<Integer> ends = new HashSet<>(vocabulary.endsOfTurn());
    eos.ifPresent(ends::add);
    int[] plain = encoder.encode("a", false);
    int[] added = encoder.encode("a", true);
    int at = startOfText(plain, added);
    List<Integer> before = ids(added, 0, at);
    List<Integer> after = ids(added, at + plain.length, added.length);
    return new SpecialTokens(
        bos.orElse(SpecialTokens.NONE),
        asked(config.addBos(), bos, before, "add_bos_token"),
        asked(config.addEos(), eos, after, "add_eos_token"),
        ends);
  }

  // Where the ids of the text start among those with special tokens around them.
  private static int startOfText(int[] plain, int[] added) {
    for (int at = 0; at + plain.length <= added.length; at++) {
      if (Arrays.equals(plain, 0, plain.length, added, at, at + plain.length)) {
        return at;
      }
    }
    throw new IllegalArgumentException(
        "the tokenizer's post-processor changes the ids of the text itself, which is not supported");
  }

  private static List<Integer> ids(int[] ids, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> ids[i]).toList();
  }

  // The configuration's own word counts more than the post-processor's, as in transformers.
  private static List<Integer> asked(
      Optional<Boolean> wish, Optional<Integer> token, List<Integer> template, String key) {
    if (wish.isEmpty() || wish.get() != template.isEmpty()) {
      return template;
    }
    if (!wish.get()) {
      return List.of();
    }
    return List.of(
        token.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "tokenizer_config.json sets " + key + " but names no such token")));
  }
}
