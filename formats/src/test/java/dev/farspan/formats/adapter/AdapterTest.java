package dev.farspan.formats.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterTest {
  private static final String MAP = "model.layers.0.self_attn.q_proj";
  private static final String EMBEDDING = "model.embed_tokens.weight";

  @TempDir Path directory;

  @BeforeEach
  void writeBase() {
    SafetensorsWriter.write(
        directory.resolve("base.safetensors"),
        List.of(tensor(EMBEDDING, 2, 2, 1, 2, 3, 4), tensor(MAP + ".weight", 2, 2, 1, 2, 3, 4)),
        Map.of());
  }

  private static Tensor tensor(String name, int rows, int cols, float... values) {
    return Tensor.ofFloats(name, Shape.of(rows, cols), values);
  }

  private static Tensor down(float... values) {
    return tensor(Adapter.PREFIX + MAP + ".lora_A.weight", values.length / 2, 2, values);
  }

  private static Tensor up(float... values) {
    return tensor(Adapter.PREFIX + MAP + ".lora_B.weight", 2, values.length / 2, values);
  }

  private void write(String settings, Tensor... tensors) throws IOException {
    Files.writeString(directory.resolve(AdapterConfig.FILE), settings);
    SafetensorsWriter.write(directory.resolve(Adapter.WEIGHTS), List.of(tensors), Map.of());
  }

  private static String settings(String more) {
    return "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 3%s}".formatted(more);
  }

  private AdaptedTensors open(boolean tied) {
    return AdaptedTensors.of(
        SafetensorsFile.open(directory.resolve("base.safetensors")),
        Adapter.open(directory),
        new BaseLayout(tied, Map.of()));
  }

  private float[] merged(String settings, Tensor... tensors) throws IOException {
    write(settings, tensors);
    try (AdaptedTensors adapted = open(false)) {
      return adapted.tensor(MAP + ".weight").toFloats();
    }
  }

  /// alpha / r = 3, B A = [[2, 4], [10, 20]].
  @Test
  void theProductTimesAlphaOverTheRankIsAdded() throws IOException {
    assertThat(merged(settings(""), down(1, 2), up(2, 10))).containsExactly(7, 14, 33, 64);
  }

  /// rsLoRA: alpha over the root of the rank, 3 / sqrt(2), times [[1, 1], [1, 1]].
  @Test
  void aStabilisedRankCountsByItsRoot() throws IOException {
    String stabilised = settings(", \"use_rslora\": true").replace("\"r\": 1", "\"r\": 2");
    float[] merged = merged(stabilised, down(1, 0, 0, 1), up(1, 1, 1, 1));
    assertThat(merged[0]).isCloseTo(1 + (float) (3 / Math.sqrt(2)), within(1e-6f));
  }

  @Test
  void aPatternChangesRankAndAlphaOfWhatItEnds() throws IOException {
    String patterns =
        settings(
            ", \"rank_pattern\": {\"q_proj\": 2}, \"alpha_pattern\": {\"0.self_attn.q_proj\": 8}");
    assertThat(merged(patterns, down(1, 0, 0, 1), up(1, 0, 0, 1))).containsExactly(5, 2, 3, 8);
  }

  @Test
  void whatIsHeldWholeTakesThePlaceOfTheBases() throws IOException {
    write(settings(""), tensor(Adapter.PREFIX + EMBEDDING, 2, 2, 5, 6, 7, 8));
    try (AdaptedTensors adapted = open(false)) {
      assertThat(adapted.tensor(EMBEDDING).toFloats()).containsExactly(5, 6, 7, 8);
      assertThat(adapted.tensor(MAP + ".weight").toFloats()).containsExactly(1, 2, 3, 4);
    }
  }

  /// Unless it is told to tie them, PEFT trains an embedding and leaves the head what it was.
  @Test
  void aTiedHeadStaysTheBasesUnlessTheAdapterTiesIt() throws IOException {
    Tensor trained = tensor(Adapter.PREFIX + EMBEDDING, 2, 2, 5, 6, 7, 8);
    write(settings(""), trained);
    try (AdaptedTensors apart = open(true)) {
      assertThat(apart.untied()).isTrue();
      assertThat(apart.tensor("lm_head.weight").toFloats()).containsExactly(1, 2, 3, 4);
    }
    write(settings(", \"ensure_weight_tying\": true"), trained);
    try (AdaptedTensors tied = open(true)) {
      assertThat(tied.untied()).isFalse();
      assertThat(tied.tensors()).doesNotContainKey("lm_head.weight");
    }
    Tensor other = tensor(Adapter.PREFIX + "lm_head.weight", 2, 2, 5, 6, 7, 9);
    write(settings(", \"ensure_weight_tying\": true"), trained, other);
    refused("ties the head to the embedding (ensure_weight_tying), but trains it on its own");
  }

  private void refused(String sentence) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> open(true).close())
        .withMessageStartingWith(directory.toString())
        .withMessageContaining(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"peft_type\": \"IA3\"} | is an adapter of the type 'IA3'; only LORA",
        "{\"peft_type\": \"PROMPT_TUNING\"} | of the type 'PROMPT_TUNING'",
        "{} | of the type that it does not name",
        "{\"peft_type\": \"LORA\", \"use_dora\": true, \"r\": 1} | asks for 'use_dora', which is not",
        "{\"peft_type\": \"LORA\", \"trainable_token_indices\": [3]} | asks for 'trainable_token",
        "{\"peft_type\": \"LORA\", \"init_lora_weights\": \"pissa\"} | 'pissa', which changes the base",
        "{\"peft_type\": \"LORA\", \"r\": 0, \"lora_alpha\": 3} | needs a positive number as 'r'",
        "{\"peft_type\": \"LORA\", \"r\": 1} | needs a positive number as 'lora_alpha'",
        "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 3, \"use_rslora\": 1} | needs true or false",
        "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 3, \"alpha_pattern\": {\"(\": 2}} | which is no pattern",
        "{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 3} | says rank 8.0 of 'model.layers.0",
        "[] | is not a JSON object"
      })
  void aSettingThatIsNotSupportedIsRefused(String settings, String sentence) throws IOException {
    write(settings, down(1, 2), up(2, 10));
    refused(sentence);
  }

  @Test
  void whatIsNoPartOfAnAdapterIsRefused() throws IOException {
    write(settings(""), down(1, 2));
    refused("has no tensor 'base_model.model." + MAP + ".lora_B.weight'");
    write(settings(""), up(2, 10));
    refused("has no tensor 'base_model.model." + MAP + ".lora_A.weight'");
    String magnitude = Adapter.PREFIX + MAP + ".lora_magnitude_vector";
    write(settings(""), down(1, 2), up(2, 10), tensor(magnitude, 2, 1, 1, 1));
    refused("lora_magnitude_vector', which is no part of a LoRA adapter");
    write(settings(""), tensor("model.norm.weight", 1, 2, 1, 1));
    refused("'model.norm.weight', which is no part of a LoRA adapter");
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() throws IOException {
    Tensor wide = tensor(Adapter.PREFIX + MAP + ".lora_A.weight", 1, 3, 1, 2, 3);
    write(settings(""), wide, up(2, 10));
    refused("is an adapter of another model than ");
    refused("its update of 'model.layers.0.self_attn.q_proj.weight' is (2, 3) of rank 1");
    write(settings(""), tensor(Adapter.PREFIX + EMBEDDING, 3, 2, 1, 2, 3, 4, 5, 6));
    refused("'model.embed_tokens.weight' has the shape");
    write(settings(""), tensor(Adapter.PREFIX + "model.layers.7.norm.weight", 1, 2, 1, 1));
    refused("the base has no tensor 'model.layers.7.norm.weight'");
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    refused("is no adapter: it has no adapter_config.json");
    Files.writeString(directory.resolve(AdapterConfig.FILE), settings(""));
    refused("is an adapter without adapter_model.safetensors");
  }
}
