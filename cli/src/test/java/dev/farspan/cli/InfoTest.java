package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InfoTest {
  @TempDir Path directory;

  private Terminal.Outcome run(Object... words) {
    return Terminal.withStore(directory).run(words);
  }

  @Test
  void aModelIsDescribed() {
    Golden.withTokenizer("llama-default", directory);
    var outcome = run("info", "llama-default");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("family     llama (hf)")
        .contains("3 layers, hidden size 64, 4 heads, 2 key/value heads of 16, vocabulary 257")
        .contains("trained for 64 tokens, claims 64")
        // 3 layers x 2 heads x 16 x (key and value) x 4 bytes
        .contains("768 bytes a token as f32, 384 as f16")
        .contains(
            "RoPE       default, all layers (3), base 10000.0, 16 of 16 dimensions; at 64 tokens")
        .contains("257 ids, adds no begin of text, ends at [2, 256], has a chat template");
  }

  @Test
  void theJsonHoldsTheSame() {
    Golden.withTokenizer("llama-default", directory);
    JsonNode json = JsonMapper.shared().readTree(run("info", "llama-default", "--json").out());
    assertThat(json.path("parameters").asLong())
        .isEqualTo(json.path("types").get(0).path("parameters").asLong());
    assertThat(json.path("types").get(0).path("type").asString()).isEqualTo("F32");
    assertThat(json.path("kv_bytes_per_token_f16").asInt()).isEqualTo(384);
    assertThat(json.path("rope").get(0).path("inv_freq_first").asDouble()).isEqualTo(1);
    assertThat(json.path("rope").get(0).path("attention_factor").asDouble()).isEqualTo(1);
    assertThat(json.path("tokenizer").path("vocab_size").asInt()).isEqualTo(257);
    assertThat(json.path("findings").isArray()).isTrue();
  }

  @Test
  void aModelWithTwoRotaryEmbeddingsShowsBoth() {
    var outcome = run("info", Golden.tiny("gemma3"));
    assertThat(outcome.out())
        .contains("full_attention layers (")
        .contains("sliding_attention layers (")
        .contains("layers see a window of [");
  }

  @Test
  void aMissingTokenizerDoesNotHideTheRest() {
    var outcome = run("info", Golden.tiny("llama-default"));
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out()).contains("family     llama").contains("tokenizer  cannot be used: ");
  }

  @Test
  void whatIsNoModelIsOneSentence() throws IOException {
    Path gguf = Files.writeString(directory.resolve("notes.gguf"), "hello world");
    for (Object model : new Object[] {gguf, "nowhere", directory}) {
      var outcome = run("info", model);
      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.err()).startsWith("farspan: ").hasLineCount(1);
      assertThat(outcome.out()).isEmpty();
    }
  }
}
