package dev.farspan.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SmallVocabulariesTest {
  static final List<String> PRE_TOKENIZERS = List.copyOf(PreTokenizer.names());

  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int BYTE = 6;

  /// The 256 byte tokens, then `more`; `<|end|>` is the last.
  private static Map<String, Object> byteLevel(String pre, List<String> more) {
    List<String> tokens = new ArrayList<>();
    for (int c = 0; tokens.size() < 256; c++) {
      if (Spelling.BYTE_LEVEL.bytes(Character.toString(c)).length == 1 && c > ' ') {
        tokens.add(Character.toString(c));
      }
    }
    tokens.addAll(more);
    List<Integer> types = new ArrayList<>(Collections.nCopies(tokens.size(), NORMAL));
    tokens.add("<|end|>");
    types.add(CONTROL);
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", pre);
    metadata.put("tokenizer.ggml.tokens", tokens);
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put("tokenizer.ggml.merges", List.of());
    metadata.put("tokenizer.ggml.eos_token_id", tokens.size() - 1);
    return metadata;
  }

  /// A Llama-2 like vocabulary; scores fall with the position, as in trained ones.
  private static Map<String, Object> sentencePiece(String... pieces) {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<Integer> types = new ArrayList<>(List.of(2, CONTROL, CONTROL));
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
      types.add(BYTE);
    }
    for (String piece : pieces) {
      tokens.add(piece);
      types.add(piece.startsWith("[[") ? USER_DEFINED : NORMAL);
    }
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.model", "llama");
    metadata.put("tokenizer.ggml.tokens", tokens);
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put(
        "tokenizer.ggml.scores",
        IntStream.range(0, tokens.size()).mapToObj(i -> -(float) i).toList());
    return metadata;
  }

  private static Tokenizer open(Map<String, Object> metadata) {
    return GgufTokenizer.from(GgufVocabulary.fromMetadata(metadata));
  }

  private static List<String> pieces(Tokenizer tokenizer, String text) {
    return IntStream.of(tokenizer.encode(text, false)).mapToObj(tokenizer::tokenText).toList();
  }

  @ParameterizedTest
  @FieldSource("PRE_TOKENIZERS")
  void everyPreTokenizerLoadsAndKeepsTheWholeText(String pre) {
    String text = "Don't  PANIC: 1234½ x=[1,2]; naïve 日本語 한글 e\u0301\r\n\n\tend. <|end|>\n ";
    try (Tokenizer tokenizer = open(byteLevel(pre, List.of()))) {
      String expected = pre.startsWith("qwen") ? text.replace("e\u0301", "é") : text;
      assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(expected);
      assertThat(tokenizer.encode("<|end|>", false)).containsExactly(256);
      assertThat(tokenizer.endOfText()).containsExactly(256);
    }
  }

  @Test
  void llama3TakesThreeDigitsAndWholeWordsThatAreTokens() {
    try (Tokenizer tokenizer = open(byteLevel("llama-bpe", List.of("123", "1234", "Ġword")))) {
      assertThat(pieces(tokenizer, "1234 word")).containsExactly("123", "4", "Ġword");
    }
  }

  @Test
  void qwen2TakesDigitsOneByOne() {
    Map<String, Object> metadata = byteLevel("qwen2", List.of("12"));
    metadata.put("tokenizer.ggml.merges", List.of("1 2"));
    try (Tokenizer tokenizer = open(metadata)) {
      assertThat(pieces(tokenizer, "12")).containsExactly("1", "2");
    }
  }

  @Test
  void gpt2MergesDigits() {
    Map<String, Object> metadata = byteLevel("gpt-2", List.of("12"));
    metadata.put("tokenizer.ggml.merges", List.of("1 2"));
    try (Tokenizer tokenizer = open(metadata)) {
      assertThat(pieces(tokenizer, "12 12")).containsExactly("12", "Ġ", "12");
    }
  }

  @Test
  void anUnknownPreTokenizerIsRefusedByName() {
    assertThatThrownBy(() -> open(byteLevel("martian", List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tokenizer.ggml.pre 'martian' is not supported; known: [");
    assertThatThrownBy(() -> open(byteLevel("", List.of())))
        .hasMessageStartingWith("tokenizer.ggml.pre '' is not supported");
  }

  @Test
  void anotherPreTokenizerCanBeChosen() {
    Map<String, Object> metadata = byteLevel("smollm", List.of("12"));
    metadata.put("tokenizer.ggml.merges", List.of("1 2"));
    GgufVocabulary file = GgufVocabulary.fromMetadata(metadata);
    try (Tokenizer whole = GgufTokenizer.from(file);
        Tokenizer digits = GgufTokenizer.from(file.withPre("smollm-digits"))) {
      assertThat(pieces(whole, "12")).containsExactly("12");
      assertThat(pieces(digits, "12")).containsExactly("1", "2");
    }
    assertThat(file.withPre("smollm-digits").pre()).isEqualTo("smollm-digits");
    assertThat(file.pre()).isEqualTo("smollm");
  }

  @Test
  void aPreTokenizerThatIsChosenMakesAnUnknownOneUsable() {
    GgufVocabulary file = GgufVocabulary.fromMetadata(byteLevel("martian", List.of()));
    try (Tokenizer tokenizer = GgufTokenizer.from(file.withPre("gpt-2"))) {
      assertThat(pieces(tokenizer, "ab")).containsExactly("a", "b");
    }
    assertThatThrownBy(() -> file.withPre("venusian"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no pre-tokenizer 'venusian'; known: [")
        .hasMessageContaining("smollm, smollm-digits");
  }

  @Test
  void anUnknownModelIsRefusedByName() {
    Map<String, Object> metadata = byteLevel("gpt-2", List.of());
    metadata.put("tokenizer.ggml.model", "rwkv");
    assertThatThrownBy(() -> open(metadata)).hasMessageContaining("'rwkv' is not supported");
  }

  @Test
  void contradictoryMetadataIsRefused() {
    Map<String, Object> metadata = byteLevel("gpt-2", List.of());
    metadata.put("tokenizer.ggml.token_type", List.of(1, 1));
    assertThatThrownBy(() -> open(metadata)).hasMessageContaining("token_type has 2 entries");
    metadata.put("tokenizer.ggml.token_type", "x");
    assertThatThrownBy(() -> open(metadata)).hasMessageContaining("not the type GGUF gives it");
    Map<String, Object> outside = byteLevel("gpt-2", List.of());
    outside.put("tokenizer.ggml.eos_token_id", 9999);
    assertThatThrownBy(() -> open(outside)).hasMessageContaining("id 9999");
    Map<String, Object> missing = byteLevel("gpt-2", List.of());
    missing.put("tokenizer.ggml.add_bos_token", true);
    assertThatThrownBy(() -> open(missing)).hasMessageContaining("bos_token_id is missing");
    Map<String, Object> merges = byteLevel("gpt-2", List.of());
    merges.put("tokenizer.ggml.merges", List.of("a zz"));
    assertThatThrownBy(() -> open(merges)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> open(Map.of("tokenizer.ggml.model", "gpt2")))
        .hasMessageContaining("tokenizer.ggml.tokens is missing");
  }

  @Test
  void sentencePieceJoinsByScoreAndPutsASpaceFirst() {
    // "ab" has a better score than "bc", so "abc" is ab+c even where "a"+"bc" is possible.
    try (Tokenizer tokenizer = open(sentencePiece("▁a", "ab", "bc", "▁ab", "▁", "a", "b", "c"))) {
      assertThat(pieces(tokenizer, "abc")).containsExactly("▁a", "bc");
      assertThat(pieces(tokenizer, "babc")).containsExactly("▁", "b", "ab", "c");
      assertThat(tokenizer.decode(tokenizer.encode("babc", true))).isEqualTo("<s> babc");
      assertThat(tokenizer.decode(tokenizer.encode("babc", false))).isEqualTo("babc");
      assertThat(tokenizer.encode("a", true)[0]).isEqualTo(1);
    }
  }

  @Test
  void aContinuationKeepsItsSpace() {
    try (Tokenizer tokenizer = open(sentencePiece("▁a", "▁", "a"))) {
      StreamDecoder stream = tokenizer.stream();
      assertThat(stream.next(tokenizer.encode("a", false)[0])).isEqualTo(" a");
    }
  }

  @Test
  void charactersWithoutATokenFallBackToBytes() {
    try (Tokenizer tokenizer = open(sentencePiece("▁", "a"))) {
      assertThat(pieces(tokenizer, "aé")).containsExactly("▁", "a", "<0xC3>", "<0xA9>");
      StreamDecoder stream = tokenizer.stream();
      int[] ids = tokenizer.encode("é", false);
      assertThat(stream.next(ids[0])).isEqualTo(" ");
      assertThat(stream.next(ids[1])).isEmpty();
      assertThat(stream.next(ids[2])).isEqualTo("é");
      stream.next(ids[1]);
      assertThat(stream.flush()).isEqualTo("\uFFFD");
      assertThat(stream.flush()).isEmpty();
    }
  }

  @Test
  void userDefinedTokensAreFoundInTheTextBeforeAnythingElse() {
    Map<String, Object> metadata = sentencePiece("▁", "[", "[[▁x]]", "x", "]");
    metadata.put("tokenizer.ggml.add_space_prefix", false);
    try (Tokenizer tokenizer = open(metadata)) {
      assertThat(pieces(tokenizer, "x[[ x]]x")).containsExactly("x", "[[▁x]]", "x");
      assertThat(tokenizer.decode(tokenizer.encode("x[[ x]]x", false))).isEqualTo("x[[ x]]x");
    }
  }

  @Test
  void halfASurrogatePairIsRefused() {
    try (Tokenizer tokenizer = open(byteLevel("gpt-2", List.of()))) {
      assertThatThrownBy(() -> tokenizer.encode("ab\uD83D", false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("index 2");
      assertThat(tokenizer.encode("\0", false)).hasSize(1);
      assertThatThrownBy(() -> tokenizer.decode(257)).hasMessageContaining("vocabulary of 257");
      assertThatThrownBy(() -> tokenizer.tokenText(-1)).hasMessageContaining("token id -1");
    }
  }

  @Test
  void aClosedTokenizerSaysSo() {
    Tokenizer tokenizer = open(byteLevel("gpt-2", List.of()));
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a", false)).hasMessageContaining("closed");
  }

  @Test
  void longTextsAreNotTruncated() {
    try (Tokenizer tokenizer = open(byteLevel("gpt-2", List.of()))) {
      assertThat(tokenizer.encode("ab ".repeat(10_000), false)).hasSize(30_000);
    }
  }
}
