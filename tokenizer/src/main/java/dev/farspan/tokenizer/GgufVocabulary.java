package dev.farspan.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The tokenizer a GGUF file carries, as its `tokenizer.ggml.*` values say.
///
/// Arrays are held, not copied (a vocabulary may have 262,144 entries); do not change them.
public final class GgufVocabulary {
  private static final String PRE = "tokenizer.ggml.pre";

  private final Metadata metadata;
  private final String model;
  private final String pre;
  private final List<String> tokens;
  private final List<String> merges;
  private final float[] scores;
  private final int[] tokenTypes;
  private final GgufSpecials specials;

  private GgufVocabulary(Metadata in) {
    metadata = in;
    model = in.text("tokenizer.ggml.model");
    pre = in.text(PRE);
    tokens = in.strings("tokenizer.ggml.tokens");
    merges = in.strings("tokenizer.ggml.merges");
    scores = in.floats("tokenizer.ggml.scores");
    tokenTypes = in.ints("tokenizer.ggml.token_type");
    specials = GgufSpecials.read(in, model, pre);
  }

  /// Returns the vocabulary described by a GGUF file's metadata.
  ///
  /// Understood values: `String`, `Number`, `Boolean`, `List<String>`, lists of numbers, `float[]`
  /// and `int[]`. Keys that do not start with `tokenizer.ggml.` are not looked at.
  ///
  /// @param metadata keys and values of the file's header
  /// @return the vocabulary
  /// @throws IllegalArgumentException if a value is missing, of the wrong type or of the wrong
  ///   length, or asks for something this tokenizer does not do
  public static GgufVocabulary fromMetadata(Map<String, ?> metadata) {
    var vocabulary = new GgufVocabulary(new Metadata(metadata));
    vocabulary.validate();
    return vocabulary;
  }

  private void validate() {
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("tokenizer.ggml.tokens is missing or empty");
    }
    requireLength("tokenizer.ggml.scores", scores.length);
    requireLength("tokenizer.ggml.token_type", tokenTypes.length);
    for (int id : specials.ids()) {
      if (id >= tokens.size()) {
        throw new IllegalArgumentException(
            "a special token has id %d but tokenizer.ggml.tokens has only %d entries"
                .formatted(id, tokens.size()));
      }
    }
  }

  private void requireLength(String key, int length) {
    if (length != 0 && length != tokens.size()) {
      throw new IllegalArgumentException(
          "%s has %d entries but tokenizer.ggml.tokens has %d"
              .formatted(key, length, tokens.size()));
    }
  }

  /// Returns `tokenizer.ggml.model`: `gpt2` for byte-level BPE, `llama` for SentencePiece, ...
  ///
  /// @return the tokenizer model's name
  public String model() {
    return model;
  }

  /// Returns `tokenizer.ggml.pre`: which pre-tokenizer cuts text into words before merging.
  ///
  /// @return the pre-tokenizer's name, empty if the file has none
  public String pre() {
    return pre;
  }

  /// Returns whether encoding goes by [#pre]: byte-level BPE does, SentencePiece has no such step.
  ///
  /// @return true for byte-level BPE
  public boolean usesPre() {
    return model.equals("gpt2");
  }

  /// Returns the vocabulary as it would be if the file named another pre-tokenizer.
  ///
  /// @param name one of [GgufTokenizer#preTokenizers]
  /// @return a vocabulary with that pre-tokenizer
  /// @throws IllegalArgumentException if the name is not known, or this is no byte-level BPE, which
  ///   alone has a pre-tokenizer
  public GgufVocabulary withPre(String name) {
    if (!PreTokenizer.names().contains(name)) {
      throw new IllegalArgumentException(
          "no pre-tokenizer '%s'; known: %s".formatted(name, PreTokenizer.names()));
    }
    if (!usesPre()) {
      throw new IllegalArgumentException(
          "a pre-tokenizer cannot be chosen: tokenizer.ggml.model is '%s', and only byte-level BPE ('gpt2') has one"
              .formatted(model));
    }
    Map<String, Object> changed = new HashMap<>(metadata.values());
    changed.put(PRE, name);
    return fromMetadata(changed);
  }

  /// Returns the spelling of each token.
  ///
  /// @return tokens by id
  public List<String> tokens() {
    return tokens;
  }

  /// Returns the merge rules, best first, each as two tokens with a space between.
  ///
  /// @return the rules, empty for SentencePiece
  public List<String> merges() {
    return merges;
  }

  /// Returns the special tokens and the flags that go with them.
  ///
  /// @return the special tokens
  public GgufSpecials specials() {
    return specials;
  }

  boolean hasScores() {
    return scores.length > 0;
  }

  float score(int id) {
    return scores[id];
  }

  GgufTokenType type(int id) {
    return tokenTypes.length == 0 ? GgufTokenType.NORMAL : GgufTokenType.of(tokenTypes[id], id);
  }

  /// Header values by key, checked on the way out.
  record Metadata(Map<String, ?> values) {
    String text(String key) {
      return values.get(key) == null ? "" : typed(key, String.class);
    }

    int id(String key) {
      if (values.get(key) == null) {
        return GgufSpecials.NONE;
      }
      int id = typed(key, Number.class).intValue();
      return id < 0 ? GgufSpecials.NONE : id; // some writers store 0xFFFFFFFF for none
    }

    boolean flag(String key, boolean otherwise) {
      return values.get(key) == null ? otherwise : typed(key, Boolean.class);
    }

    boolean has(String key) {
      return values.containsKey(key);
    }

    List<String> strings(String key) {
      if (values.get(key) == null) {
        return List.of();
      }
      List<?> list = typed(key, List.class);
      for (Object item : list) {
        if (!(item instanceof String)) {
          throw new IllegalArgumentException(key + " must hold strings only, but holds " + item);
        }
      }
      return list.stream().map(String.class::cast).toList();
    }

    float[] floats(String key) {
      Object value = values.get(key);
      if (value instanceof float[] array) {
        return array;
      }
      List<? extends Number> list = numbers(key, value);
      float[] out = new float[list.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = list.get(i).floatValue();
      }
      return out;
    }

    int[] ints(String key) {
      Object value = values.get(key);
      return value instanceof int[] array
          ? array
          : numbers(key, value).stream().mapToInt(Number::intValue).toArray();
    }

    private List<? extends Number> numbers(String key, @Nullable Object value) {
      if (value == null) {
        return List.of();
      }
      if (!(value instanceof List<?> list)) {
        throw wrongType(key, value);
      }
      return list.stream()
          .map(
              item -> {
                if (item instanceof Number number) {
                  return number;
                }
                throw wrongType(key, Objects.toString(item));
              })
          .toList();
    }

    private <T> T typed(String key, Class<T> type) {
      Object value = values.get(key);
      if (!type.isInstance(value)) {
        throw wrongType(key, Objects.toString(value));
      }
      return type.cast(value);
    }

    private static IllegalArgumentException wrongType(String key, Object value) {
      return new IllegalArgumentException(
          "%s holds %s, which is not the type GGUF gives it"
              .formatted(key, value.getClass().getSimpleName() + " " + value));
    }
  }
}
