package dev.farspan.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.rope.FrequencySchedule;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufRopeWriterTest {
  /// The attention factor goes through a quotient of 32 bits.
  private static final double ATTENTION = Math.ulp(1f);

  private static final String LISTS =
      "longrope:whole=true,attention_factor=1.25,"
          + "short=1:1:1:1:1.5:1.5:1.5:1.5,long=1:1.5:2:2.5:3:3.5:4:4";

  @TempDir Path directory;

  private static Map<String, GgufValue> shape(String architecture) {
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put("general.architecture", GgufValue.text(architecture));
    for (var count :
        Map.of(
                "block_count", 6,
                "embedding_length", 32,
                "feed_forward_length", 32,
                "attention.head_count", 2,
                "rope.dimension_count", 16)
            .entrySet()) {
      keys.put(architecture + "." + count.getKey(), GgufValue.u32(count.getValue()));
    }
    keys.put(architecture + ".attention.layer_norm_rms_epsilon", GgufValue.f32(1e-5f));
    if (architecture.equals("gpt-oss")) {
      keys.put("gpt-oss.expert_count", GgufValue.u32(4));
      keys.put("gpt-oss.expert_used_count", GgufValue.u32(2));
      keys.put("gpt-oss.expert_feed_forward_length", GgufValue.u32(32));
      keys.put("gpt-oss.attention.sliding_window", GgufValue.u32(16));
    }
    if (architecture.equals("gemma3")) {
      keys.put("gemma3.attention.sliding_window", GgufValue.u32(16));
    }
    return keys;
  }

  private GgufConfig read(Map<String, GgufValue> keys, List<Tensor> more) {
    Path path = directory.resolve("model.gguf");
    List<Tensor> tensors = new ArrayList<>(more);
    tensors.add(Tensor.ofFloats("token_embd.weight", Shape.of(1, 32), new float[32]));
    GgufWriter.write(path, keys, tensors);
    try (GgufFile file = GgufFile.open(path)) {
      return GgufConfig.of(file);
    }
  }

  private ModelConfig trained(String architecture) {
    Map<String, GgufValue> keys = shape(architecture);
    keys.put(architecture + ".context_length", GgufValue.u32(64));
    keys.put(architecture + ".rope.freq_base", GgufValue.f32(10000));
    return read(keys, List.of()).model();
  }

  private GgufConfig written(String architecture, String spec) {
    ModelConfig model = trained(architecture);
    Method method = Method.resolve(MethodSpec.parse(spec), model, 64);
    GgufRopeWriter.Written rope = GgufRopeWriter.write(architecture, model, method.policies(), 256);
    Map<String, GgufValue> keys = shape(architecture);
    keys.putAll(rope.keys());
    return read(keys, rope.tensors());
  }

  private RopeTable wanted(String architecture, String spec, int length) {
    ModelConfig model = trained(architecture);
    Method method = Method.resolve(MethodSpec.parse(spec), model, 64);
    return FrequencySchedule.of(
            method.policies().get(model.mainRopeIndex()), model.mainRope().base(), length)
        .table(length - 1);
  }

  private static RopeTable table(ModelConfig model, int length) {
    var rope = model.mainRope();
    return FrequencySchedule.of(rope.scaling(), rope.base(), length).table(length - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | none",
        "llama | linear:factor=4",
        "llama | ntk:factor=4",
        "llama | base:theta=500000",
        "llama | yarn:factor=4",
        "llama | yarn:factor=4,attention_factor=1",
        "llama | yarn:factor=4,mscale=1,mscale_all_dim=0.8",
        "llama | yarn:factor=2,original=32",
        "llama | " + LISTS,
        "granite | " + LISTS,
        "phi3 | " + LISTS,
        "qwen3 | yarn:factor=4",
        "gemma3 | yarn:factor=4",
        "gemma3 | linear:factor=4"
      })
  void whatIsWrittenReadsBackAsTheSameFrequencies(String architecture, String spec) {
    GgufConfig written = written(architecture, spec);
    for (int length : new int[] {1, 64, 65, 256}) {
      RopeTable wanted = wanted(architecture, spec, length);
      RopeTable read = table(written.model(), length);
      assertThat(read.inverseFrequencies()).containsExactly(wanted.inverseFrequencies());
      assertThat(read.attentionFactor()).isEqualTo(wanted.attentionFactor(), within(ATTENTION));
    }
    assertThat(written.model().maxLength()).isEqualTo(256);
    assertThat(written.findings().stream().map(Finding::sentence)).isEmpty();
  }

  /// Where no divisor of 32 bits gives the very frequency, its last bit differs.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama3:factor=4",
        "ntk-by-parts:factor=4",
        "yarn:factor=4,beta_fast=16,beta_slow=2",
        "yarn:factor=4,truncate=false"
      })
  void anyOtherFixedTableIsWrittenAsDivisors(String spec) {
    RopeTable read = table(written("llama", spec).model(), 256);
    RopeTable wanted = wanted("llama", spec, 256);
    assertThat(read.attentionFactor()).isEqualTo(wanted.attentionFactor(), within(ATTENTION));
    for (int pair = 0; pair < wanted.pairs(); pair++) {
      int bits = Float.floatToIntBits(read.inverseFrequency(pair));
      assertThat(bits).isCloseTo(Float.floatToIntBits(wanted.inverseFrequency(pair)), within(1));
    }
  }

  /// llama.cpp multiplies by 1 + 0.1 ln 4 itself, so this much is left to write.
  @Test
  void theAttentionFactorIsWhatLlamaCppLeavesOut() {
    ModelConfig model = trained("llama");
    var plain = Method.resolve(MethodSpec.parse("yarn:factor=4"), model, 64).policies();
    assertThat(GgufRopeWriter.write("llama", model, plain, 256).keys())
        .doesNotContainKey("llama.rope.scaling.attn_factor");
    var none =
        Method.resolve(MethodSpec.parse("yarn:factor=4,attention_factor=1"), model, 64).policies();
    assertThat(GgufRopeWriter.write("llama", model, none, 256).keys())
        .containsEntry(
            "llama.rope.scaling.attn_factor", GgufValue.f32((float) (1 / (1 + 0.1 * Math.log(4)))));
  }

  /// llama.cpp rounds the ends of every ramp, and has no key for one that is not.
  @Test
  void gptOssIsWrittenWithTheRampThatLlamaCppTruncates() {
    GgufConfig written = written("gpt-oss", "yarn:factor=4");
    assertThat(table(written.model(), 256)).isEqualTo(wanted("gpt-oss", "yarn:factor=4", 256));
  }

  @Test
  void theLengthBeforeALinearScalingIsKnownAgain() {
    ModelConfig model = written("llama", "linear:factor=4").model();
    assertThat(model.trainedLength()).isEqualTo(64);
    assertThat(model.maxLength()).isEqualTo(256);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | dynamic-yarn | its tables do not grow",
        "llama | dynamic-ntk:whole=true,stages=exact | its tables do not grow",
        "llama | longrope:short=1:1:1:1:1:1:1:1,long=2:2:2:2:2:2:2:2 | whole=true",
        "qwen2 | llama3:factor=4 | llama, granite and phi3 only",
        "qwen3 | yarn:factor=4,beta_fast=16 | llama, granite and phi3 only",
        "gpt-oss | yarn:factor=4,truncate=false | yarn with its default ramp",
        "gemma3 | yarn:factor=4,attention_factor=1 | the sliding layers as well"
      })
  void whatLlamaCppDoesNotReadIsRefusedWithTheReason(
      String architecture, String spec, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> written(architecture, spec))
        .withMessageContaining("GGUF can't express")
        .withMessageContaining(sentence);
  }
}
