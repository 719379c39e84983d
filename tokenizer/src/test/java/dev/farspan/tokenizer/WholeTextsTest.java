package dev.farspan.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Whole long texts, against the packages the models' tokenizers come from.
///
/// The texts are other people's, and new versions of them come out; then their paragraphs are
/// checked.
@Tag("model")
class WholeTextsTest {
  private static final String SMOLLM2 = "smollm2-135m-instruct.q4_1.gguf";
  private static final String GEMMA3 = "gemma3-270m.q4_k_m.gguf";

  @ParameterizedTest
  @ValueSource(strings = {SMOLLM2 + "/smollm", SMOLLM2 + "/smollm-digits", GEMMA3 + "/"})
  void textsHaveTheIdsOfTheReferencePackages(String reading) throws IOException {
    List<JsonNode> entries = entries(reading);
    assertThat(entries).hasSize(3);
    try (Tokenizer tokenizer = tokenizer(reading)) {
      for (JsonNode expected : entries) {
        String name = expected.get("text").stringValue();
        byte[] bytes = Files.readAllBytes(Golden.text(name));
        String text = new String(bytes, StandardCharsets.UTF_8);
        var recorded = RecordedParagraphs.of(name, reading);
        int found = recorded.check(text, part -> tokenizer.encode(part, false));
        int[] ids = tokenizer.encode(text, false);
        assertThat(tokenizer.decode(ids)).isEqualTo(text);
        if (RecordedParagraphs.sha256(bytes).equals(expected.get("text_sha256").stringValue())) {
          assertThat(found).as("recorded paragraphs of %s", name).isEqualTo(recorded.ids().size());
          checkWhole(expected, ids);
        }
      }
    }
  }

  private static void checkWhole(JsonNode expected, int[] ids) {
    JsonNode first = expected.get("first_ids");
    assertThat(ids)
        .startsWith(IntStream.range(0, first.size()).map(i -> first.get(i).intValue()).toArray());
    assertThat(ids).hasSize(expected.get("count").intValue());
    assertThat(RecordedParagraphs.sha256(RecordedParagraphs.littleEndian(ids)))
        .isEqualTo(expected.get("ids_sha256").stringValue());
  }

  @Test
  void anotherVersionOfATextIsHeldToTheParagraphsItKept() throws IOException {
    String reading = SMOLLM2 + "/smollm";
    var recorded = RecordedParagraphs.of("java-util.txt", reading);
    String version =
        RecordedParagraphs.split(Files.readString(Golden.text("java-util.txt"))).stream()
            .map(part -> part.replace("ConcurrentHashMap", "ConcurrentMap"))
            .collect(Collectors.joining("\n\nA new paragraph.\n\n"));
    try (Tokenizer tokenizer = tokenizer(reading)) {
      assertThat(recorded.check(version, part -> tokenizer.encode(part, false)))
          .isLessThan(recorded.ids().size());
      assertThatThrownBy(() -> recorded.check(version, part -> tokenizer.encode(part + " ", false)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("the ids of a paragraph of java-util.txt");
    }
  }

  @Test
  void anotherDocumentIsRefused() {
    var recorded = RecordedParagraphs.of("kjv.txt", SMOLLM2 + "/smollm");
    assertThatThrownBy(() -> recorded.check("Once upon\n\na time", part -> new int[0]))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "kjv.txt is another document than the expected ids were made from (it holds 0 of the 2746"
                + " recorded paragraphs): fetch it with scripts/get-texts.sh, or re-make the expected"
                + " ids with tokenizer/src/test/python/whole_texts.py");
  }

  private static List<JsonNode> entries(String reading) {
    return StreamSupport.stream(Golden.read("whole-texts").get("texts").spliterator(), false)
        .filter(
            e -> reading.equals(e.get("model").stringValue() + "/" + e.get("pre").stringValue()))
        .toList();
  }

  /// The model's file says which pre-tokenizer it has; the digits cut off first are the other
  /// reading.
  private static Tokenizer tokenizer(String reading) {
    String[] modelAndPre = reading.split("/", -1);
    var vocabulary = GgufVocabulary.fromMetadata(GgufMetadata.read(Golden.model(modelAndPre[0])));
    return GgufTokenizer.from(
        modelAndPre[1].equals("smollm-digits") ? vocabulary.withPre(modelAndPre[1]) : vocabulary);
  }
}
