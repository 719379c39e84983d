package dev.farspan.formats.hf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencySchedule;
import dev.farspan.context.rope.RopeTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tables made by transformers (`rope_tables.py`), against those that a `config.json` leads to.
class RopeTablesGoldenTest {
  /// Float32 has 6e-8; torch's `pow` and ours each round once more or so.
  private static final double FREQUENCY_TOLERANCE = 1e-6;

  private static final Offset<Double> ATTENTION_TOLERANCE = Offset.offset(1e-7);

  private static final JsonMapper JSON = JsonMapper.shared();

  record Golden(JsonNode json) {
    @Override
    public String toString() {
      return json.get("name").asString();
    }
  }

  static Stream<Golden> goldens() {
    return Stream.of("rope-tables.json", "rope-tables-seed1.json", "rope-tables-seed2.json")
        .flatMap(RopeTablesGoldenTest::goldens);
  }

  private static Stream<Golden> goldens(String file) {
    try (InputStream in = RopeTablesGoldenTest.class.getResourceAsStream(file)) {
      return JSON.readTree(in).get("cases").values().stream().map(Golden::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void aConfigurationOfTransformers5LeadsToItsTable(Golden golden) {
    ObjectNode config = config(golden.json());
    ObjectNode rope = settings(golden.json());
    rope.put("rope_theta", golden.json().get("rope_theta").asDouble());
    rope.put("partial_rotary_factor", golden.json().get("partial_rotary_factor").asDouble());
    config.set("rope_parameters", rope);
    check(config, golden.json());
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void anOldConfigurationLeadsToTheSameTable(Golden golden) {
    ObjectNode config = config(golden.json());
    config.put("rope_theta", golden.json().get("rope_theta").asDouble());
    config.put("partial_rotary_factor", golden.json().get("partial_rotary_factor").asDouble());
    ObjectNode rope = settings(golden.json());
    rope.set("type", rope.remove("rope_type"));
    config.set("rope_scaling", rope);
    check(config, golden.json());
  }

  private static ObjectNode settings(JsonNode golden) {
    JsonNode scaling = golden.get("rope_scaling");
    return scaling.isNull()
        ? JSON.createObjectNode().put("rope_type", "default")
        : ((ObjectNode) scaling).deepCopy();
  }

  private static ObjectNode config(JsonNode golden) {
    int headDim = golden.get("head_dim").asInt();
    return JSON.createObjectNode()
        .put("model_type", "llama")
        .put("hidden_size", headDim * 4)
        .put("num_attention_heads", 4)
        .put("num_key_value_heads", 2)
        .put("head_dim", headDim)
        .put("num_hidden_layers", 1)
        .put("vocab_size", 32)
        .put("intermediate_size", 32)
        .put("max_position_embeddings", golden.get("max_position_embeddings").asInt());
  }

  private static void check(ObjectNode config, JsonNode golden) {
    RopeConfig rope = HfConfig.parse(config.toString(), "config.json").model().mainRope();
    JsonNode length = golden.get("seq_len");
    int tokens = length.isNull() ? 1 : length.asInt();
    RopeTable table = FrequencySchedule.of(rope.scaling(), rope.base(), tokens).table(0);
    List<JsonNode> expected = List.copyOf(golden.get("inv_freq").values());
    assertThat(table.pairs()).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      double frequency = expected.get(i).asDouble();
      assertThat((double) table.inverseFrequency(i))
          .as("pair %d", i)
          .isCloseTo(frequency, Offset.offset(FREQUENCY_TOLERANCE * frequency));
    }
    assertThat(table.attentionFactor())
        .isCloseTo(golden.get("attention_factor").asDouble(), ATTENTION_TOLERANCE);
  }
}
