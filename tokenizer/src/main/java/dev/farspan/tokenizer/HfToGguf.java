package dev.farspan.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A tokenizer.json as the `tokenizer.*` values of a GGUF file.
///
/// Byte-level BPE becomes model `gpt2`, byte-pair encoding with byte fallback model `llama`, whose
/// scores are the ranks of the merges. What is written is read again and must cut sample texts into
/// the same tokens, or the tokenizer is refused.
public final class HfToGguf {
  /// A score below that of every merge: no rule makes the token.
  private static final float NEVER = -1e9f;

  private final Path source;
  private final JsonNode root;
  private final Spelling spelling;
  private final List<String> tokens;
  private final int[] types;

  private HfToGguf(Path source, JsonNode root, int vocabSize) {
    this.source = source;
    this.root = root;
    this.spelling = HfDecoder.read(root.path("decoder"), source).spelling();
    this.tokens = new ArrayList<>(Collections.nCopies(vocabSize, ""));
    this.types = new int[vocabSize];
  }

  /// Returns the values of a tokenizer.
  ///
  /// @param tokenizerJson the tokenizer.json
  /// @param config the tokenizer_config.json that goes with it
  /// @param vocabSize rows of the model's embedding; ids without a token become unused ones
  /// @return `String`, `Integer`, `Boolean`, `List<String>`, `int[]` and `float[]` by key, as
  ///   [GgufVocabulary#fromMetadata] reads them
  /// @throws IllegalArgumentException in one sentence, if the tokenizer is of a kind that GGUF
  ///   lacks
  public static Map<String, Object> values(
      Path tokenizerJson, TokenizerConfig config, int vocabSize) {
    JsonNode root = TokenizerConfig.parse(tokenizerJson);
    HfToGguf writer = new HfToGguf(tokenizerJson, root, vocabSize);
    try (Tokenizer tokenizer = HfTokenizer.open(tokenizerJson, config)) {
      Map<String, Object> values = writer.values(config, tokenizer);
      writer.requireSame(tokenizer, values);
      return values;
    }
  }

  private Map<String, Object> values(TokenizerConfig config, Tokenizer tokenizer) {
    JsonNode model = root.path("model");
    if (!model.path("type").asString("BPE").equals("BPE")) {
      throw refusal("has a model of type " + model.path("type"), "only BPE is written");
    }
    List<String> merges = merges(model.path("merges"));
    readTokens(model);
    Map<String, Object> values = new LinkedHashMap<>();
    switch (spelling) {
      case BYTE_LEVEL -> {
        values.put("tokenizer.ggml.model", "gpt2");
        values.put("tokenizer.ggml.pre", PreTokenizerNames.of(root, merges.isEmpty(), source));
      }
      case SENTENCE_PIECE -> {
        values.put("tokenizer.ggml.model", "llama");
        values.put("tokenizer.ggml.pre", "default");
      }
    }
    values.put("tokenizer.ggml.tokens", tokens);
    if (spelling == Spelling.SENTENCE_PIECE) {
      values.put("tokenizer.ggml.scores", scores(merges));
    }
    values.put("tokenizer.ggml.token_type", types);
    if (spelling == Spelling.BYTE_LEVEL) {
      values.put("tokenizer.ggml.merges", merges);
    }
    putSpecials(values, config, tokenizer);
    config.chatTemplate().ifPresent(text -> values.put("tokenizer.chat_template", text));
    return values;
  }

  /// A rule is "left right", or both in an array where a token holds a space.
  private static List<String> merges(JsonNode rules) {
    List<String> merges = new ArrayList<>();
    for (JsonNode rule : rules) {
      merges.add(
          rule.isArray()
              ? rule.path(0).asString() + " " + rule.path(1).asString()
              : rule.asString());
    }
    return merges;
  }

  private void readTokens(JsonNode model) {
    String unknown = model.path("unk_token").asString("");
    model
        .path("vocab")
        .properties()
        .forEach(entry -> put(entry.getKey(), entry.getValue().asInt(), type(entry.getKey())));
    for (JsonNode token : root.path("added_tokens")) {
      String text = token.path("content").asString();
      if (token.path("lstrip").asBoolean(false) || token.path("rstrip").asBoolean(false)) {
        throw refusal(
            "lets the token '" + text + "' take the blanks beside it", "GGUF has no flag for it");
      }
      boolean special = token.path("special").asBoolean(false);
      boolean isUnknown = spelling == Spelling.SENTENCE_PIECE && text.equals(unknown);
      put(
          text,
          token.path("id").asInt(),
          isUnknown
              ? GgufTokenType.UNKNOWN
              : special ? GgufTokenType.CONTROL : GgufTokenType.USER_DEFINED);
    }
    for (int id = 0; id < types.length; id++) {
      if (types[id] == 0) {
        put("[PAD" + id + "]", id, GgufTokenType.UNUSED);
      }
    }
  }

  private GgufTokenType type(String token) {
    boolean single =
        spelling == Spelling.SENTENCE_PIECE && token.startsWith("<0x") && token.length() == 6;
    return single ? GgufTokenType.BYTE : GgufTokenType.NORMAL;
  }

  private void put(String token, int id, GgufTokenType type) {
    if (id < 0 || id >= types.length) {
      throw refusal(
          "gives the token '%s' the id %d".formatted(token, id),
          "the model's embedding has only %d rows".formatted(types.length));
    }
    tokens.set(id, token);
    types[id] = type.number();
  }

  /// SentencePiece joins the neighbours whose token scores best; the first rule is the best.
  private float[] scores(List<String> merges) {
    Map<String, Integer> ranks = new HashMap<>();
    for (int rank = 0; rank < merges.size(); rank++) {
      ranks.putIfAbsent(merges.get(rank).replace(" ", ""), rank);
    }
    float[] scores = new float[types.length];
    for (int id = 0; id < scores.length; id++) {
      Integer rank = ranks.get(tokens.get(id));
      boolean single = tokens.get(id).codePointCount(0, tokens.get(id).length()) == 1;
      scores[id] = rank == null ? (single ? 0 : NEVER) : -rank;
    }
    return scores;
  }

  private void putSpecials(
      Map<String, Object> values, TokenizerConfig config, Tokenizer tokenizer) {
    putId(values, "bos", config.bosToken());
    putId(values, "eos", config.eosToken());
    JsonNode unknown = root.path("model").path("unk_token");
    putId(values, "unknown", Optional.of(unknown.asString("")).filter(text -> !text.isEmpty()));
    int[] plain = tokenizer.encode("a", false);
    int[] whole = tokenizer.encode("a", true);
    boolean before = whole.length > plain.length && whole[0] != plain[0];
    int after = whole.length - plain.length - (before ? 1 : 0);
    boolean known =
        after >= 0 && after <= 1 && (!before || tokenizer.beginOfText().orElse(-1) == whole[0]);
    if (!known) {
      throw refusal(
          "puts more around a text than GGUF can say: "
              + Arrays.toString(whole)
              + " for "
              + Arrays.toString(plain),
          "it knows one token before a text and one after it");
    }
    values.put("tokenizer.ggml.add_bos_token", before);
    values.put("tokenizer.ggml.add_eos_token", after == 1);
    if (spelling == Spelling.SENTENCE_PIECE) {
      values.put("tokenizer.ggml.add_space_prefix", prependsSpace());
    }
  }

  private void putId(Map<String, Object> values, String name, Optional<String> token) {
    token.ifPresent(
        text -> {
          int id = tokens.indexOf(text);
          if (id >= 0) {
            values.put("tokenizer.ggml." + name + "_token_id", id);
          }
        });
  }

  private boolean prependsSpace() {
    String json = root.path("normalizer").toString() + root.path("pre_tokenizer");
    return json.contains("\"Prepend\"")
        || json.contains("\"prepend_scheme\":\"first\"")
        || json.contains("\"prepend_scheme\":\"always\"")
        || (json.contains("\"Metaspace\"") && json.contains("\"add_prefix_space\":true"));
  }

  private void requireSame(Tokenizer tokenizer, Map<String, Object> values) {
    try (Tokenizer written = GgufTokenizer.from(GgufVocabulary.fromMetadata(values))) {
      SampleTexts.firstUnlike(
              (text, special) ->
                  Arrays.equals(tokenizer.encode(text, special), written.encode(text, special)))
          .ifPresent(
              text -> {
                throw refusal(
                    "cuts a text like '" + text + "' in a way of its own",
                    "GGUF's words for it would give other tokens");
              });
    }
  }

  private IllegalArgumentException refusal(String what, String reason) {
    return new IllegalArgumentException(
        "%s can't be written to GGUF: it %s, and %s".formatted(source, what, reason));
  }
}
