package dev.farspan.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// SmolLM2's byte-level BPE and Gemma 3's SentencePiece, from their GGUF files.
@Tag("model")
class RealModelsTest {
  private static final String SMOLLM2 = "smollm2-135m-instruct.q4_1.gguf";
  private static final String GEMMA3 = "gemma3-270m.q4_k_m.gguf";

  private static final String DIGITS = "smollm-digits";

  private static Map<String, Tokenizer> tokenizers;
  private static Tokenizer smollm2Digits;

  @BeforeAll
  static void open() {
    tokenizers = Map.of(SMOLLM2, tokenizer(SMOLLM2), GEMMA3, tokenizer(GEMMA3));
    smollm2Digits = GgufTokenizer.from(vocabulary(SMOLLM2).withPre(DIGITS));
  }

  @AfterAll
  static void close() {
    tokenizers.values().forEach(Tokenizer::close);
    smollm2Digits.close();
  }

  private static GgufVocabulary vocabulary(String model) {
    return GgufVocabulary.fromMetadata(GgufMetadata.read(Golden.model(model)));
  }

  private static Tokenizer tokenizer(String model) {
    return GgufTokenizer.from(vocabulary(model));
  }

  private static int[] ids(JsonNode list) {
    return IntStream.range(0, list.size()).map(i -> list.get(i).intValue()).toArray();
  }

  @Test
  void smollm2SamplesEncodeAndDecodeAsInTransformers() {
    Tokenizer tokenizer = tokenizers.get(SMOLLM2);
    for (JsonNode sample : Golden.read("smollm2").get("tokenizer")) {
      String text = sample.get("text").stringValue();
      assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids(sample.get("ids")));
      assertThat(tokenizer.decode(ids(sample.get("ids"))))
          .isEqualTo(sample.get("decoded").stringValue());
    }
  }

  @Test
  void gemma3SamplesEncodeAsInTransformersWithTheirBeginOfText() {
    Tokenizer tokenizer = tokenizers.get(GEMMA3);
    for (JsonNode sample : Golden.read("gemma3").get("tokenizer")) {
      String text = sample.get("text").stringValue();
      assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids(sample.get("ids")));
      assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
    }
  }

  @Test
  void smollm2ConversationsRenderAsInTransformers() {
    Object jinja = GgufMetadata.read(Golden.model(SMOLLM2)).get("tokenizer.chat_template");
    var template = ChatTemplate.of((String) jinja, "<|im_start|>", "<|im_end|>");
    for (JsonNode chat : Golden.read("smollm2").get("chat")) {
      List<ChatMessage> messages = new ArrayList<>();
      for (JsonNode message : chat.get("messages")) {
        messages.add(
            new ChatMessage(
                message.get("role").stringValue(), message.get("content").stringValue()));
      }
      assertThat(template.render(messages, true)).isEqualTo(chat.get("rendered").stringValue());
    }
  }

  @Test
  void theReadingsOfSmollmDifferInWhitespaceBeforeADigit() {
    String list = "Steps:\n\n1";
    assertThat(tokenizers.get(SMOLLM2).encode(list, false)).endsWith(198, 198, 33);
    assertThat(smollm2Digits.encode(list, false)).endsWith(1116, 33);
  }

  @Test
  void theReadingsOfSmollmDifferNowhereElse() {
    var random = new Random(13);
    String alphabet = "  \n\t\u00a0ab1239०½.-'é日";
    int differing = 0;
    for (int round = 0; round < 2000; round++) {
      String text =
          random
              .ints(12, 0, alphabet.length())
              .map(alphabet::charAt)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      if (!Arrays.equals(
          tokenizers.get(SMOLLM2).encode(text, false), smollm2Digits.encode(text, false))) {
        // Digits beyond ASCII are several bytes, whose first may join a single space.
        assertThat(text).containsPattern("(?U)\\s\\s[0-9]|\\s(?![0-9])\\p{N}");
        differing++;
      }
    }
    assertThat(differing).isPositive();
  }

  @Test
  void sentencePieceHasNoPreTokenizerToChoose() {
    assertThatThrownBy(() -> vocabulary(GEMMA3).withPre(DIGITS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "a pre-tokenizer cannot be chosen: tokenizer.ggml.model is 'llama'");
  }

  @Test
  void streamedPiecesAreWholeCharactersAndAddUpToTheText() {
    String text = "naïve 日本 🙂 \uD83E\uDDD1\u200D\uD83D\uDE80 é\n\n  ﬁn <|im_end|>";
    for (Tokenizer tokenizer : tokenizers.values()) {
      StreamDecoder stream = tokenizer.stream();
      var all = new StringBuilder();
      for (int id : tokenizer.encode(text, false)) {
        String piece = stream.next(id);
        assertThat(piece).doesNotContain("\uFFFD");
        all.append(piece);
      }
      assertThat(stream.flush()).isEmpty();
      assertThat(all).hasToString(text);
    }
  }

  @Test
  void streamingRandomIdsGivesWhatDecodingThemAtOnceGives() {
    var random = new Random(7);
    for (Tokenizer tokenizer : tokenizers.values()) {
      for (int round = 0; round < 200; round++) {
        int[] ids = random.ints(20, 0, tokenizer.vocabSize()).toArray();
        StreamDecoder stream = tokenizer.stream();
        var all = new StringBuilder();
        for (int id : ids) {
          all.append(stream.next(id));
        }
        assertThat(all.append(stream.flush())).hasToString(tokenizer.decode(ids));
      }
    }
  }

  // Printable text only: SmolLM2 lacks the bytes of some control and private-use characters, which
  // it drops, as the library does.
  @Test
  void anyTextComesBackFromItsIds() {
    var random = new Random(11);
    for (Tokenizer tokenizer : tokenizers.values()) {
      for (int round = 0; round < 300; round++) {
        String text =
            random
                .ints(random.nextInt(60), 0, 0x11000)
                .map(c -> random.nextInt(3) == 0 ? c : ' ' + c % 95)
                .filter(c -> Character.isDefined(c) && !isDropped(c) && c != '▁')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
      }
    }
  }

  private static boolean isDropped(int c) {
    int type = Character.getType(c);
    return type == Character.PRIVATE_USE
        || type == Character.SURROGATE
        || type == Character.CONTROL;
  }

  @Test
  void bytesThatSmollm2HasNoTokenForAreDropped() {
    assertThat(tokenizers.get(SMOLLM2).encode("a\u0004b", false)).hasSize(2);
  }

  @Test
  void runsOfSpacesAndNewlinesAreTheLongestUserDefinedTokens() {
    Tokenizer gemma = tokenizers.get(GEMMA3);
    for (int n = 2; n <= 31; n++) {
      assertThat(gemma.encode("a" + " ".repeat(n) + "b", false)).as("%d spaces", n).hasSize(3);
      assertThat(gemma.encode("a" + "\n".repeat(n) + "b", false)).as("%d newlines", n).hasSize(3);
    }
  }

  @Test
  void specialTokensAreKnown() {
    Tokenizer smollm2 = tokenizers.get(SMOLLM2);
    assertThat(smollm2.vocabSize()).isEqualTo(49_152);
    assertThat(smollm2.beginOfText()).hasValue(1);
    assertThat(smollm2.addsBeginOfText()).isFalse();
    assertThat(smollm2.endOfText()).containsExactlyInAnyOrder(0, 2);
    assertThat(smollm2.tokenText(260)).isEqualTo("Ġthe");
    Tokenizer gemma3 = tokenizers.get(GEMMA3);
    assertThat(gemma3.vocabSize()).isEqualTo(262_144);
    assertThat(gemma3.beginOfText()).hasValue(2);
    assertThat(gemma3.addsBeginOfText()).isTrue();
    assertThat(gemma3.endOfText()).containsExactlyInAnyOrder(1, 106);
    assertThat(gemma3.encode("<end_of_turn>", false)).containsExactly(106);
  }
}
