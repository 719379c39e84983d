package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.farspan.context.rope.FrequencyPolicy.None;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RopeTest {
  @TempDir Path directory;

  private Terminal.Outcome run(Object... words) {
    return Terminal.withStore(directory).run(words);
  }

  private Path config(String scaling, int length) throws IOException {
    String text = Files.readString(Golden.tiny("llama-default").resolve("config.json"));
    return Files.writeString(
        directory.resolve("config.json"),
        text.replaceFirst("(?s)\"rope_parameters\": \\{.*?\\}", "\"rope_parameters\": " + scaling)
            .replaceFirst(
                "\"max_position_embeddings\": 64", "\"max_position_embeddings\": " + length));
  }

  @Test
  void theJsonHasExactlyTheFourKeys() throws IOException {
    Path config =
        config(
            "{\"rope_theta\": 10000.0, \"rope_type\": \"yarn\", \"factor\": 4.0,"
                + " \"original_max_position_embeddings\": 64}",
            256);
    var outcome = run("rope", config, "--length", 256, "--json");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    JsonNode json = JsonMapper.shared().readTree(outcome.out());
    assertThat(json.propertyNames())
        .containsExactly("rope_type", "length", "inv_freq", "attention_factor");
    assertThat(json.path("rope_type").asString()).isEqualTo("yarn");
    assertThat(json.path("length").asInt()).isEqualTo(256);
    assertThat(json.path("inv_freq")).hasSize(8);
    // 0.1 ln 4 + 1, as transformers computes it in double precision
    assertThat(json.path("attention_factor").asDouble()).isEqualTo(1.138629436111989);
  }

  @Test
  void frequenciesReadBackAsTheSameFloats() {
    var outcome = run("rope", Golden.tiny("llama-default"), "--length", 64, "--json");
    JsonNode json = JsonMapper.shared().readTree(outcome.out());
    assertThat(json.path("rope_type").asString()).isEqualTo("default");
    RopeTable table = RopeTables.of(new None(), new RopeBase(16, 10_000, 64), 64);
    for (int pair = 0; pair < table.pairs(); pair++) {
      double printed = json.path("inv_freq").get(pair).asDouble();
      assertThat((float) printed).isEqualTo(table.inverseFrequency(pair));
      // 1 / 10000^(2p/16); power, reciprocal and decimal are rounded, each by 6e-6 percent at most
      assertThat(printed).isCloseTo(Math.pow(10_000, -pair / 8.0), withinPercentage(2e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 100})
  void aDynamicTableIsThatOfExactlyTheLength(int length) throws IOException {
    Path config =
        config("{\"rope_theta\": 10000.0, \"rope_type\": \"dynamic\", \"factor\": 2.0}", 64);
    JsonNode json =
        JsonMapper.shared().readTree(run("rope", config, "--length", length, "--json").out());
    assertThat(json.path("rope_type").asString()).isEqualTo("dynamic");
    // transformers: base * (2 n / 64 - 1)^(16/14) beyond 64, rounded to float32
    double base = length <= 64 ? 10_000 : 10_000 * Math.pow(2.0 * length / 64 - 1, 16.0 / 14);
    assertThat(json.path("inv_freq").get(7).asDouble())
        .isCloseTo(Math.pow(base, -14.0 / 16), withinPercentage(1e-4));
  }

  @Test
  void aMethodReplacesTheScalingOfTheFile() {
    var outcome =
        run(
            "rope",
            Golden.tiny("llama-yarn"),
            "--length",
            "1k",
            "--method",
            "linear:factor=4",
            "--json");
    JsonNode json = JsonMapper.shared().readTree(outcome.out());
    assertThat(json.path("rope_type").asString()).isEqualTo("linear");
    assertThat(json.path("length").asInt()).isEqualTo(1024);
    assertThat(json.path("inv_freq").get(0).asDouble()).isEqualTo(0.25);
  }

  @Test
  void eachLayerTypeHasItsOwn() {
    Path gemma = Golden.tiny("gemma3");
    String full = run("rope", gemma, "--length", 64, "--json").out();
    String named =
        run("rope", gemma, "--length", 64, "--json", "--layer-type", "full_attention").out();
    String sliding =
        run("rope", gemma, "--length", 64, "--json", "--layer-type", "sliding_attention").out();
    assertThat(named).isEqualTo(full).isNotEqualTo(sliding);
    var outcome = run("rope", gemma, "--length", 64, "--layer-type", "none");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("has no rotary embedding for layer type 'none': it has ")
        .hasLineCount(1);
  }

  @Test
  void withoutJsonItIsATable() {
    var outcome = run("rope", Golden.tiny("llama-default"), "--length", 64);
    assertThat(outcome.out())
        .startsWith(
            "default at 64 tokens: rotary dimension 16, base 10000.0, attention factor 1.0\n")
        .contains("PAIR  INVERSE FREQUENCY  TOKENS A TURN\n0     1.0                6.3\n");
  }

  @Test
  void whatIsWrongIsOneSentence() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.json"), "{\"model_type\": ");
    var outcome = run("rope", broken, "--length", 64);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("broken.json: is not valid JSON at line 1, column ")
        .doesNotContain("Source")
        .hasLineCount(1);

    Path unknown =
        config("{\"rope_theta\": 10000.0, \"rope_type\": \"spiral\", \"factor\": 2.0}", 64);
    outcome = run("rope", unknown, "--length", 64);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("spiral").hasLineCount(1);

    outcome = run("rope", "none.json", "--length", 64);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("there is no model 'none.json'").hasLineCount(1);

    outcome = run("rope", Golden.tiny("llama-default"), "--length", 0);
    assertThat(outcome.err()).contains("--length must be at least 1").hasLineCount(1);

    outcome = run("rope", Golden.tiny("llama-default"));
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("--length").hasLineCount(1);
  }

  @Test
  void aPatternHasNoFrequencies() {
    var outcome =
        run("rope", Golden.tiny("llama-default"), "--length", 64, "--method", "rerope:window=8");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo(
            "farspan: rope shows frequencies and 'rerope:window=8' has an attention pattern too:"
                + " leave the pattern out\n");
  }
}
