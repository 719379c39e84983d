package dev.farspan.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How byte-level BPE cuts text into words before merging, by the names of `tokenizer.ggml.pre`.
///
/// The expressions are those of the models' own tokenizer.json; the names, and which names share an
/// expression, are llama.cpp's (src/llama-vocab.cpp). Each expression cuts the pieces of the one
/// before; what it does not match stays a piece.
enum PreTokenizer {
  GPT2(
      List.of(Patterns.GPT2),
      "gpt-2 phi-2 olmo mpt jais exaone4 mellum modern-bert jina-es jina-de jina-v2-es jina-v2-de"
          + " gigachat a.x-4.0 trillion granite-docling"),
  DEFAULT(
      List.of("[\\p{P}\\$\\+<=>\\^~\\|]+", Patterns.GPT2_WORDS, "\\p{N}+", "[0-9][0-9][0-9]"),
      "default"),
  DIGITS_GPT2(
      List.of("\\p{N}", Patterns.GPT2),
      "smollm starcoder refact command-r codeshell exaone minerva-7b"),
  FALCON(List.of("[\\p{P}\\$\\+<=>\\^~\\|`]+", Patterns.GPT2_WORDS, "[0-9][0-9][0-9]"), "falcon"),
  LLAMA3(
      List.of(Patterns.llama3("\\p{N}{1,3}")),
      "llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano"),
  LLAMA3_MERGED(List.of(Patterns.llama3("\\p{N}{1,3}")), "dbrx smaug-bpe glm4 chatglm-bpe"),
  QWEN2(List.of(Patterns.llama3("\\p{N}")), "qwen2"),
  QWEN2_AS_WRITTEN(
      List.of(Patterns.llama3("\\p{N}")),
      "stablelm2 deepseek-r1-qwen megrez hunyuan grok-2 kormo f2llmv2 solar-open"),
  QWEN35(List.of(Patterns.QWEN35), "qwen35"),
  DEEPSEEK_CODER(
      List.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", "\\p{N}"),
      "deepseek-coder"),
  DEEPSEEK3(
      List.of("\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", Patterns.DEEPSEEK3),
      "deepseek-v3 hunyuan-dense joyai-llm"),
  TEKKEN(List.of(Patterns.cased("\\p{N}", "")), "tekken"),
  GPT4O(
      List.of(Patterns.cased("\\p{N}{1,3}", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?")),
      "gpt-4o llama4 kanana2 talkie minimax-m2"),
  BLOOM(List.of(Patterns.BLOOM), "bloom poro-chat gpt3-finnish"),
  VIKING(List.of(Patterns.BLOOM, "\\p{N}"), "viking");

  private static final Map<String, PreTokenizer> BY_NAME =
      Arrays.stream(values())
          .flatMap(p -> p.names.stream().map(name -> Map.entry(name, p)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private final List<String> splits;
  private final List<String> names;

  PreTokenizer(List<String> splits, String names) {
    this.splits = splits;
    this.names = List.of(names.split(" ", -1));
  }

  /// Returns the pre-tokenizer of that name.
  ///
  /// @throws IllegalArgumentException if it is not known; guessing one would change every id
  static PreTokenizer named(String pre) {
    PreTokenizer known = BY_NAME.get(pre);
    if (known == null) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.pre '%s' is not supported; known: %s. Use the model's tokenizer.json instead"
              .formatted(pre, new TreeSet<>(BY_NAME.keySet())));
    }
    return known;
  }

  /// Returns whether llama.cpp adds a begin-of-text token when a file of this kind says nothing.
  static boolean addsBeginOfText(String pre) {
    PreTokenizer known = BY_NAME.get(pre);
    return known == LLAMA3 || known == TEKKEN;
  }

  List<String> splits() {
    return splits;
  }

  /// Returns whether a word that is a token is taken whole even where merges would not build it.
  boolean ignoresMerges() {
    return this == LLAMA3 || this == TEKKEN;
  }

  /// Returns whether text is brought into Unicode's composed form first, as Qwen's tokenizer.json
  /// says.
  boolean composesUnicode() {
    return this == QWEN2 || this == QWEN35;
  }

  /// The expressions, in Oniguruma's syntax. All but GPT-2's own are variations on one another.
  private static final class Patterns {
    // openai/gpt-2 encoder.py
    static final String GPT2_WORDS =
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
    static final String GPT2 = GPT2_WORDS + "|\\s+";
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    static final String QWEN35 =
        CONTRACTIONS
            + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
            + SPACES;
    static final String DEEPSEEK3 =
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
            + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*"
            + SPACES;
    static final String BLOOM = " ?[^(\\s|.,!?…。，、।۔،)]+";

    static String llama3(String digits) {
      return CONTRACTIONS
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
          + digits
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          + SPACES;
    }

    // Words begin where upper case follows lower case: o200k and its kin.
    static String cased(String digits, String suffix) {
      String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
      String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
      Function<String, String> word = body -> "[^\\r\\n\\p{L}\\p{N}]?" + body + suffix + "|";
      return word.apply(upper + "*" + lower + "+")
          + word.apply(upper + "+" + lower + "*")
          + digits
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
          + SPACES;
    }

    private Patterns() {}
  }
}
