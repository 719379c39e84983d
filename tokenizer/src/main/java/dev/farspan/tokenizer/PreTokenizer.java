package dev.farspan.tokenizer;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// How byte-level BPE cuts text into words before merging, by the names of `tokenizer.ggml.pre`.
///
/// Names and expressions are llama.cpp's (src/llama-vocab.cpp, and the tokenizer.json expressions
/// it quotes), but for `smollm`: it leaves out the step that cuts every digit off first, as
/// transformers does, and `smollm-digits`, a name of our own, is llama.cpp's `smollm` (see
/// docs/decisions/0007-pre-tokenizer-of-gguf-smollm.md). These two are checked against another
/// implementation on whole texts, the others only load and keep the text; a model's own
/// tokenizer.json is the surer source. Each expression cuts the pieces of the one before; what it
/// does not match stays a piece.
///
/// @param splits the expressions, in Oniguruma's syntax
/// @param traits in what else it differs from plain byte-level BPE
record PreTokenizer(List<String> splits, Set<Trait> traits) {
  enum Trait {
    /// A word that is a token is taken whole even where merges would not build it.
    IGNORES_MERGES,
    /// Files that do not say whether to start with the begin-of-text token want it.
    ADDS_BEGIN_OF_TEXT,
    /// Text is brought into Unicode's composed form first, as Qwen's tokenizer.json says.
    COMPOSES_UNICODE
  }

  private static final Map<String, PreTokenizer> BY_NAME = table();

  private static Map<String, PreTokenizer> table() {
    var table = new Table();
    table.add(
        "gpt-2 phi-2 olmo mpt jais exaone4 mellum modern-bert jina-es jina-de jina-v2-es"
            + " jina-v2-de gigachat a.x-4.0 trillion granite-docling smollm",
        Patterns.GPT2);
    table.add(
        "default", "[\\p{P}\\$\\+<=>\\^~\\|]+", Patterns.GPT2_WORDS, "\\p{N}+", "[0-9][0-9][0-9]");
    table.add(
        "smollm-digits starcoder refact command-r codeshell exaone minerva-7b",
        "\\p{N}",
        Patterns.GPT2);
    table.add("falcon", "[\\p{P}\\$\\+<=>\\^~\\|`]+", Patterns.GPT2_WORDS, "[0-9][0-9][0-9]");
    table.add("dbrx smaug-bpe glm4 chatglm-bpe", Patterns.llama3("\\p{N}{1,3}"));
    table.add(
        "stablelm2 deepseek-r1-qwen megrez hunyuan grok-2 kormo f2llmv2 solar-open",
        Patterns.llama3("\\p{N}"));
    table.add("deepseek-coder", "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", "\\p{N}");
    table.add(
        "deepseek-v3 hunyuan-dense joyai-llm", "\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", Patterns.DEEPSEEK3);
    table.add(
        "gpt-4o llama4 kanana2 talkie minimax-m2",
        Patterns.cased("\\p{N}{1,3}", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"));
    table.add("bloom poro-chat gpt3-finnish", Patterns.BLOOM);
    table.add("viking", Patterns.BLOOM, "\\p{N}");
    var whole = Set.of(Trait.IGNORES_MERGES, Trait.ADDS_BEGIN_OF_TEXT);
    table.add(
        whole,
        "llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
        Patterns.llama3("\\p{N}{1,3}"));
    table.add(whole, "tekken", Patterns.cased("\\p{N}", ""));
    var composed = Set.of(Trait.COMPOSES_UNICODE);
    table.add(composed, "qwen2", Patterns.llama3("\\p{N}"));
    table.add(composed, "qwen35", Patterns.QWEN35);
    return Map.copyOf(table.byName);
  }

  private static final class Table {
    private final Map<String, PreTokenizer> byName = new TreeMap<>();

    void add(String names, String... splits) {
      add(Set.of(), names, splits);
    }

    void add(Set<Trait> traits, String names, String... splits) {
      var pre = new PreTokenizer(List.of(splits), traits);
      for (String name : names.split(" ", -1)) {
        byName.put(name, pre);
      }
    }
  }

  /// Returns the pre-tokenizer of that name.
  ///
  /// @throws IllegalArgumentException if it is not known; guessing one would change every id
  static PreTokenizer named(String pre) {
    PreTokenizer known = BY_NAME.get(pre);
    if (known == null) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.pre '%s' is not supported; known: %s. Use the model's tokenizer.json instead"
              .formatted(pre, names()));
    }
    return known;
  }

  static SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(BY_NAME.keySet()));
  }

  /// Returns whether llama.cpp adds a begin-of-text token when a file of this kind says nothing.
  static boolean addsBeginOfText(String pre) {
    PreTokenizer known = BY_NAME.get(pre);
    return known != null && known.has(Trait.ADDS_BEGIN_OF_TEXT);
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
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
      String before = "[^\\r\\n\\p{L}\\p{N}]?";
      return before
          + upper
          + "*"
          + lower
          + "+"
          + suffix
          + "|"
          + before
          + upper
          + "+"
          + lower
          + "*"
          + suffix
          + "|"
          + digits
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
          + SPACES;
    }

    private Patterns() {}
  }
}
