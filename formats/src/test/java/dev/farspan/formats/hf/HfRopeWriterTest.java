package dev.farspan.formats.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencySchedule;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.formats.hf.HfRopeWriter.Form;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class HfRopeWriterTest {
  private static final String SHAPE =
      """
      "vocab_size": 16, "hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 6,
      "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
      "max_position_embeddings": 64, "sliding_window": 16,
      """;
  private static final String PLAIN = SHAPE + "\"rope_theta\": 10000.0";
  private static final String GEMMA3 =
      SHAPE + "\"rope_theta\": 1000000.0, \"rope_local_base_freq\": 10000.0";
  private static final Map<String, Object> YARN =
      Map.of("rope_type", "yarn", "factor", 4.0, "original_max_position_embeddings", 64);
  private static final String LISTS =
      "longrope:whole=true,attention_factor=1.2,"
          + "short=1:1:1:1.1:1.2:1.3:1.4:1.5,long=1:1.5:2:2.5:3:3.5:4:4";

  private static Map<String, Object> config(String family, String settings) {
    String json = "{\"model_type\": \"%s\", %s}".formatted(family, settings);
    return JsonMapper.shared()
        .readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  private static HfConfig read(Map<String, Object> config) {
    return HfConfig.parse(JsonMapper.shared().writeValueAsString(config), "config.json");
  }

  private static Method method(String spec, ModelConfig model) {
    return Method.resolve(MethodSpec.parse(spec), model, 64);
  }

  private static HfConfig written(Map<String, Object> config, String spec, Form form, int length) {
    ModelConfig model = read(config).model();
    var policies = method(spec, model).policies();
    return read(new HfRopeWriter(model, form).write(config, policies, length));
  }

  private static Map<String, Object> settings(String family, String spec, Form form) {
    Map<String, Object> config = config(family, PLAIN);
    ModelConfig model = read(config).model();
    return new HfRopeWriter(model, form).write(config, method(spec, model).policies(), 256);
  }

  private static RopeTable table(RopeConfig rope, int length) {
    return FrequencySchedule.of(rope.scaling(), rope.base(), length).table(length - 1);
  }

  private static RopeTable wanted(Map<String, Object> config, String spec, int rope, int length) {
    ModelConfig model = read(config).model();
    return FrequencySchedule.of(
            method(spec, model).policies().get(rope), model.ropes().get(rope).base(), length)
        .table(length - 1);
  }

  private static void hasTheTablesOf(Map<String, Object> config, String spec, Form form) {
    HfConfig written = written(config, spec, form, 256);
    for (int rope = 0; rope < written.model().ropes().size(); rope++) {
      for (int length : new int[] {1, 64, 65, 256}) {
        assertThat(table(written.model().ropes().get(rope), length))
            .as("%s at %d", spec, length)
            .isEqualTo(wanted(config, spec, rope, length));
      }
    }
    assertThat(written.findings().stream().map(Finding::sentence)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "linear:factor=4",
        "ntk:factor=4",
        "base:theta=500000",
        "yarn:factor=4",
        "yarn:factor=4,attention_factor=1.05",
        "yarn:factor=4,mscale=1,mscale_all_dim=0.8",
        "yarn:factor=4,mscale=0,mscale_all_dim=1",
        "yarn:factor=4,beta_fast=16,beta_slow=2,truncate=false",
        "yarn:factor=8,original=32",
        "llama3:factor=4",
        "dynamic-ntk:factor=2,whole=true,stages=exact",
        LISTS
      })
  void whatIsWrittenReadsBackAsTheSameTablesInEitherForm(String spec) {
    for (Form form : Form.values()) {
      hasTheTablesOf(config("llama", PLAIN), spec, form);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "linear:factor=4", "yarn:factor=4", "ntk:factor=4"})
  void gemma3ScalesItsFullLayersAlone(String spec) {
    for (Form form : Form.values()) {
      hasTheTablesOf(config("gemma3_text", GEMMA3), spec, form);
    }
  }

  /// A pair's frequency goes through a divisor of 32 bits, which may cost its last one.
  @ParameterizedTest
  @CsvSource({"llama, ntk-by-parts:factor=4", "phi3, linear:factor=4", "phi3, llama3:factor=4"})
  void aTableWithoutATypeIsWrittenAsDivisors(String family, String spec) {
    for (Form form : Form.values()) {
      Map<String, Object> config = config(family, PLAIN);
      RopeTable read = table(written(config, spec, form, 256).model().mainRope(), 256);
      RopeTable wanted = wanted(config, spec, 0, 256);
      assertThat(read.attentionFactor()).isEqualTo(wanted.attentionFactor());
      for (int pair = 0; pair < wanted.pairs(); pair++) {
        int bits = Float.floatToIntBits(read.inverseFrequency(pair));
        assertThat(bits).isCloseTo(Float.floatToIntBits(wanted.inverseFrequency(pair)), within(1));
      }
    }
  }

  @Test
  void whatStoodThereBeforeIsGone() {
    Map<String, Object> config = config("llama", PLAIN);
    Map<String, Object> scaled = new LinkedHashMap<>(config);
    scaled.put("rope_scaling", Map.of("rope_type", "linear", "factor", 8.0));
    scaled.put("original_max_position_embeddings", 32);
    scaled.put("max_sequence_length", 64);
    ModelConfig model = read(config).model();
    var policies = method("yarn:factor=4", model).policies();
    assertThat(new HfRopeWriter(model, Form.V5).write(scaled, policies, 256))
        .doesNotContainKeys("original_max_position_embeddings", "max_sequence_length")
        .containsEntry("rope_scaling", YARN)
        .containsEntry("max_position_embeddings", 256);
  }

  /// transformers 4 takes rope_parameters alone for a base of 10000, unscaled, without an error.
  @Test
  void theFormOfTransformers5HasTheKeysOf4BesideIt() {
    Map<String, Object> written = settings("llama", "yarn:factor=4", Form.V5);
    assertThat(written).containsEntry("rope_theta", 10000.0).containsEntry("rope_scaling", YARN);
    Map<String, Object> inner = new LinkedHashMap<>(YARN);
    inner.put("rope_theta", 10000.0);
    assertThat(written).containsEntry("rope_parameters", inner);
    assertThat(settings("llama", "yarn:factor=4", Form.OLD)).doesNotContainKey("rope_parameters");
  }

  /// transformers 4 reads the length at which the lists change there only, and vLLM the attention
  /// factor under names of its own.
  @ParameterizedTest
  @EnumSource(Form.class)
  void longRopeHasTheKeysThatOtherReadersKnow(Form form) {
    Map<String, Object> written = settings("llama", LISTS, form);
    assertThat(written).containsEntry("original_max_position_embeddings", 64);
    assertThat(written.get("rope_scaling"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("attention_factor", 1.2)
        .containsEntry("short_mscale", 1.2)
        .containsEntry("long_mscale", 1.2);
  }

  /// transformers 4 refuses a fourth setting of phi3's.
  @Test
  void phi3HasThreeSettingsWhereItsAttentionFactorFollowsFromTheLengths() {
    String lists = LISTS.replace("attention_factor=1.2,", "factor=4,");
    for (Form form : Form.values()) {
      Map<String, Object> config = config("phi3", PLAIN);
      hasTheTablesOf(config, lists, form);
      assertThat(settings("phi3", lists, form).get("rope_scaling"))
          .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
          .containsOnlyKeys("type", "short_factor", "long_factor");
      hasTheTablesOf(config, LISTS, form);
    }
  }

  @Test
  void aLinearScalingSaysThatTheLengthIsTheOneAfterIt() {
    assertThat(settings("llama", "linear:factor=4", Form.V5))
        .containsEntry("max_position_embeddings", 256)
        .containsEntry("max_sequence_length", 256);
  }

  @Test
  void aRotatedShareOfTheHeadIsKept() {
    Map<String, Object> neox = config("gpt_neox", SHAPE + "\"rotary_pct\": 0.5");
    for (Form form : Form.values()) {
      ModelConfig model = written(neox, "yarn:factor=4", form, 256).model();
      assertThat(model.mainRope().base().rotaryDim()).isEqualTo(8);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | dynamic-yarn | can't express dynamic-yarn",
        "llama | dynamic-linear | can't express dynamic-linear",
        "llama | dynamic-ntk | dynamic-ntk:whole=true,stages=exact",
        "llama | longrope:short=1:1:1:1:1:1:1:1,long=2:2:2:2:2:2:2:2 | whole=true",
        "phi3 | dynamic-ntk:whole=true,stages=exact | phi3 has only longrope"
      })
  void whatHasNoWordsIsRefusedWithTheReason(String family, String spec, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> written(config(family, PLAIN), spec, Form.V5, 256))
        .withMessageContaining(sentence);
  }

  @Test
  void aNotedMethodIsSaid() {
    Map<String, Object> config = config("llama", PLAIN);
    config.put("farspan_method", "streaming:window=60");
    assertThat(read(config).findings().stream().map(Finding::sentence).toList())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("streaming:window=60")
        .contains("--method");
  }
}
