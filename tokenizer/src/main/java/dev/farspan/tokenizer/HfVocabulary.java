package dev.farspan.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The vocabulary of a tokenizer.json and how its tokens turn into text.
final class HfVocabulary {
  private final Path source;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<String, Integer> added = new HashMap<>();
  private final HfDecoder decoder;

  private HfVocabulary(Path source, HfDecoder decoder) {
    this.source = source;
    this.decoder = decoder;
  }

  static HfVocabulary read(JsonNode root, Path source) {
    var out = new HfVocabulary(source, HfDecoder.read(root.path("decoder"), source));
    JsonNode vocab = root.path("model").path("vocab");
    if (vocab.isObject()) {
      vocab.properties().forEach(entry -> out.put(out.ids, entry.getKey(), entry.getValue()));
    } else {
      // Unigram: a list of [token, score]; the position is the id.
      for (int id = 0; id < vocab.size(); id++) {
        out.ids.put(vocab.get(id).path(0).asString(), id);
      }
    }
    for (JsonNode token : root.path("added_tokens")) {
      out.put(out.added, token.path("content").asString(), token.path("id"));
    }
    if (out.ids.isEmpty()) {
      throw new IllegalArgumentException(source + " has no vocabulary under model.vocab");
    }
    return out;
  }

  private void put(Map<String, Integer> into, String token, JsonNode id) {
    if (!id.isInt() || id.intValue() < 0) {
      throw new IllegalArgumentException(
          "%s gives token '%s' the id %s, which is no whole number from 0 on"
              .formatted(source, token, id));
    }
    into.put(token, id.intValue());
  }

  /// Returns the id of a token that the configuration names.
  int id(String token) {
    Integer id = added.getOrDefault(token, ids.get(token));
    if (id == null) {
      throw new IllegalArgumentException(source + " has no token '" + token + "'");
    }
    return id;
  }

  Set<Integer> endsOfTurn() {
    Set<Integer> ends = new HashSet<>();
    added.forEach(
        (token, id) -> {
          if (SpecialTokens.isEndOfTurn(token)) {
            ends.add(id);
          }
        });
    return ends;
  }

  TokenTable table() {
    int size = 1 + Math.max(largest(ids), largest(added));
    // Ids come from the file: they must be about as many as the tokens before memory is taken.
    if (size > 2L * (ids.size() + added.size()) + 1024) {
      throw new IllegalArgumentException(
          "%s has ids up to %d but only %d tokens"
              .formatted(source, size - 1, ids.size() + added.size()));
    }
    List<String> tokens = new ArrayList<>(Collections.nCopies(size, ""));
    byte[][] bytes = new byte[size][0];
    ids.forEach(
        (token, id) -> {
          tokens.set(id, token);
          bytes[id] = decoder.spelling().bytes(token);
        });
    added.forEach(
        (token, id) -> {
          tokens.set(id, token);
          bytes[id] = Spelling.utf8(token);
        });
    return new TokenTable(tokens, bytes, decoder.stripsSpace());
  }

  private static int largest(Map<String, Integer> ids) {
    return ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
  }
}
