package dev.farspan.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.FeedForward.Activation;
import dev.farspan.context.model.FeedForward.ExpertGate;
import dev.farspan.context.model.FeedForward.Routing;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.NormConfig.Kind;
import dev.farspan.context.model.NormConfig.Placement;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.model.RopeConfig.Pairing;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import dev.farspan.formats.FormatException;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufConfigTest {
  @TempDir Path directory;

  private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private String architecture = "";

  /// A model of 64 elements, 4 heads and 4 layers, with a context of 512.
  private GgufConfigTest of(String name) {
    architecture = name;
    metadata.put("general.architecture", GgufValue.text(name));
    count("block_count", 4).count("context_length", 512).count("embedding_length", 64);
    count("feed_forward_length", 96).count("attention.head_count", 4);
    count("attention.head_count_kv", 2);
    number("attention.layer_norm_rms_epsilon", 1e-5f);
    number("attention.layer_norm_epsilon", 1e-5f);
    number("rope.freq_base", 10000);
    tensors.add(Tensor.ofFloats("token_embd.weight", Shape.of(3, 2), 1, 2, 3, 4, 5, 6));
    return this;
  }

  private GgufConfigTest count(String key, int value) {
    return put(key, GgufValue.u32(value));
  }

  private GgufConfigTest number(String key, float value) {
    return put(key, GgufValue.f32(value));
  }

  private GgufConfigTest put(String key, GgufValue value) {
    metadata.put(architecture + "." + key, value);
    return this;
  }

  private GgufConfigTest tensor(String name, float... values) {
    tensors.add(Tensor.ofFloats(name, Shape.of(values.length), values));
    return this;
  }

  private GgufConfig read() {
    Path path = directory.resolve("model.gguf");
    GgufWriter.write(path, metadata, tensors);
    try (GgufFile file = GgufFile.open(path)) {
      return GgufConfig.of(file);
    }
  }

  private ModelConfig model() {
    return read().model();
  }

  private static List<Integer> windows(ModelConfig model) {
    return model.layers().stream().map(LayerConfig::window).toList();
  }

  @Test
  void aLlamaIsThePlainCase() {
    GgufConfig config = of("llama").read();
    ModelConfig model = config.model();
    assertThat(config.findings()).isEmpty();
    assertThat(model.vocabSize()).isEqualTo(3);
    assertThat(model.hiddenSize()).isEqualTo(64);
    assertThat(model.attention().headDim()).isEqualTo(16);
    assertThat(model.attention().kvHeads()).isEqualTo(2);
    assertThat(model.feedForward()).isEqualTo(new FeedForward.Dense(96, Activation.SILU, true));
    assertThat(model.tiedEmbeddings()).isTrue();
    assertThat(model.ropes())
        .containsExactly(
            new RopeConfig(
                "all", new RopeBase(16, 10000, 512), new FrequencyPolicy.None(), Pairing.ADJACENT));
    assertThat(windows(model)).containsOnly(LayerConfig.FULL);
  }

  @Test
  void anOutputTensorUntiesTheEmbedding() {
    assertThat(of("llama").tensor("output.weight", 1).model().tiedEmbeddings()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "llama, ADJACENT",
    "granite, ADJACENT",
    "smollm3, ADJACENT",
    "qwen2, HALVES",
    "qwen3, HALVES",
    "gemma2, HALVES",
    "gemma3, HALVES",
    "phi3, HALVES",
    "olmo2, HALVES",
    "gptneox, HALVES"
  })
  void theArchitectureSaysWhichElementsPair(String name, Pairing pairing) {
    assertThat(of(name).model().mainRope().pairing()).isEqualTo(pairing);
  }

  @Test
  void countsPerLayerAreReadWhereTheyAreAlike() {
    GgufNumbers alike = GgufNumbers.ofIntegers(GgufValueType.I32, 2, 2, 2, 2);
    assertThat(of("llama").put("attention.head_count_kv", alike).model().attention().kvHeads())
        .isEqualTo(2);
    put("attention.head_count_kv", GgufNumbers.ofIntegers(GgufValueType.I32, 2, 1, 2, 2));
    refused("llama.attention.head_count_kv differs between layers");
  }

  @Test
  void llama3ScalingIsATensorOfDivisors() {
    GgufConfig config = of("llama").tensor("rope_freqs.weight", 1, 1, 1, 1, 2, 4, 8, 8).read();
    RopeConfig rope = config.model().mainRope();
    assertThat(rope.scaling())
        .isEqualTo(new FrequencyPolicy.Divisors(List.of(1.0, 1.0, 1.0, 1.0, 2.0, 4.0, 8.0, 8.0)));
    assertThat(config.findings()).extracting(Finding::key).containsExactly("llama.context_length");
    float[] trained =
        RopeTables.of(new FrequencyPolicy.None(), rope.base(), 1).inverseFrequencies();
    var table = RopeTables.of(rope.scaling(), rope.base(), 1);
    for (int i = 0; i < trained.length; i++) { // powers of two divide exactly
      assertThat(table.inverseFrequency(i))
          .isEqualTo(trained[i] / List.of(1, 1, 1, 1, 2, 4, 8, 8).get(i));
    }
  }

  @Test
  void theTrainedLengthOfDivisorsMayStandInTheFile() {
    GgufConfig config =
        of("llama")
            .tensor("rope_freqs.weight", 1, 1, 1, 1, 2, 4, 8, 8)
            .count("rope.scaling.original_context_length", 64)
            .read();
    assertThat(config.findings()).isEmpty();
    assertThat(config.model().trainedLength()).isEqualTo(64);
  }

  @Test
  void divisorsOfAnotherDimensionAreRefused() {
    of("llama").tensor("rope_freqs.weight", 1, 1);
    refused("= 16 needs a tensor 'rope_freqs.weight' of half as many positive numbers");
  }

  /// Its 2^31 numbers are a hole in the file: more than an array holds, so they cannot be read.
  @Test
  void aHugeTensorOfDivisorsIsRefusedWithoutReadingIt() throws Exception {
    of("llama").tensor("rope_freqs.weight", new float[8]);
    Path path = directory.resolve("model.gguf");
    GgufWriter.write(path, metadata, tensors);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int name = new String(bytes.array(), StandardCharsets.ISO_8859_1).indexOf("rope_freqs.weight");
    bytes.position(name + "rope_freqs.weight".length() + Integer.BYTES); // behind the rank
    bytes.putLong(1L << 31).putInt(GgmlType.I8.id());
    Files.write(path, bytes.array());
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(file.length() + (1L << 31));
    }
    try (GgufFile file = GgufFile.open(path)) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> GgufConfig.of(file))
          .withMessageContaining("of half as many positive numbers");
    }
  }

  @Test
  void phi3sTensorsAreLongRopeWhateverTheTypeSays() {
    GgufConfig config =
        of("phi3")
            .tensor("rope_factors_short.weight", 1, 1, 1, 1, 1, 1, 1, 1)
            .tensor("rope_factors_long.weight", 2, 2, 2, 2, 2, 2, 2, 2)
            .number("rope.scaling.attn_factor", 1.25f)
            .count("rope.scaling.original_context_length", 64)
            .read();
    var policy = (FrequencyPolicy.LongRope) config.model().mainRope().scaling();
    assertThat(policy.attentionFactor()).isEqualTo(1.25);
    assertThat(policy.original()).isEqualTo(64);
    assertThat(policy.longFactors()).containsOnly(2.0);
    assertThat(policy.whole()).isTrue();
    assertThat(config.findings()).isEmpty();
    assertThat(config.model().trainedLength()).isEqualTo(64);
  }

  private GgufConfigTest yarn(String name) {
    return of(name)
        .put("rope.scaling.type", GgufValue.text("yarn"))
        .number("rope.scaling.factor", 8)
        .count("rope.scaling.original_context_length", 64);
  }

  @Test
  void yarnHasItsRampAndItsTemperature() {
    assertThat(yarn("qwen2").model().mainRope().scaling())
        .isEqualTo(
            new FrequencyPolicy.Yarn(8, 64, YarnRamp.DEFAULT, new YarnTemperature.FromFactor()));
    number("rope.scaling.attn_factor", 0.5f);
    var policy = (FrequencyPolicy.Yarn) model().mainRope().scaling();
    assertThat(policy.temperature())
        .isEqualTo(new YarnTemperature.Given(0.5 * (0.1 * Math.log(8) + 1)));
  }

  /// llama.cpp's converter stores what transformers multiplies by; llama.cpp reads it for grok
  /// alone.
  @Test
  void whatLlamaCppDoesNotReadOfYarnIsNamedAndNotComputed() {
    GgufConfig config =
        yarn("qwen3")
            .number("rope.scaling.yarn_attn_factor", 1.5f)
            .number("rope.scaling.yarn_beta_fast", 16)
            .number("rope.scaling.yarn_beta_slow", 2)
            .number("rope.scaling.yarn_log_multiplier", 0.5f)
            .number("rope.scaling.yarn_ext_factor", 0.5f)
            .read();
    assertThat(config.model().mainRope().scaling())
        .isEqualTo(
            new FrequencyPolicy.Yarn(8, 64, YarnRamp.DEFAULT, new YarnTemperature.FromFactor()));
    assertThat(config.findings().stream().map(Finding::sentence))
        .hasSize(5)
        .allMatch(sentence -> sentence.contains("ignored, as by llama.cpp for qwen3"))
        .anyMatch(sentence -> sentence.startsWith("qwen3.rope.scaling.yarn_attn_factor is 1.5"));
  }

  @Test
  void keysThatRepeatWhatYarnIsAnywayAreNotMentioned() {
    GgufConfig config =
        yarn("qwen3")
            .number("rope.scaling.yarn_attn_factor", (float) (0.1 * Math.log(8) + 1))
            .number("rope.scaling.yarn_beta_fast", 32)
            .number("rope.scaling.yarn_beta_slow", 1)
            .number("rope.scaling.yarn_ext_factor", -1)
            .read();
    assertThat(config.findings()).isEmpty();
  }

  @Test
  void gptOssHasLlamaCppsRampAndAlternatingWindows() {
    GgufConfig config =
        yarn("gpt-oss")
            .count("attention.sliding_window", 24)
            .count("expert_count", 4)
            .count("expert_used_count", 2)
            .count("expert_feed_forward_length", 48)
            .read();
    var policy = (FrequencyPolicy.Yarn) config.model().mainRope().scaling();
    assertThat(policy.ramp().truncate()).isTrue();
    assertThat(config.findings().stream().map(Finding::sentence))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("truncate=false");
    assertThat(windows(config.model())).containsExactly(24, 0, 24, 0);
    assertThat(config.model().attention().sinks()).isTrue();
    assertThat(config.model().feedForward())
        .isEqualTo(
            new FeedForward.Experts(
                4, 2, 48, Routing.NORMALISED, new ExpertGate.ClampedSwiglu(1.702, 7)));
  }

  @Test
  void linearIsTheDefaultTypeAndHasALegacyName() {
    assertThat(of("llama").number("rope.scaling.factor", 4).model().mainRope().scaling())
        .isEqualTo(new FrequencyPolicy.Linear(4));
    metadata.clear();
    tensors.clear();
    assertThat(of("llama").number("rope.scale_linear", 2).model().mainRope().scaling())
        .isEqualTo(new FrequencyPolicy.Linear(2));
  }

  @Test
  void gemma3ScalesItsFullLayersOnly() {
    ModelConfig model =
        of("gemma3")
            .count("block_count", 6)
            .count("attention.key_length", 32)
            .count("attention.value_length", 32)
            .count("attention.sliding_window", 24)
            .number("rope.freq_base", 1e6f)
            .put("rope.scaling.type", GgufValue.text("linear"))
            .number("rope.scaling.factor", 8)
            .model();
    assertThat(windows(model)).containsExactly(24, 24, 24, 24, 24, 0);
    assertThat(model.mainRope().scaling()).isEqualTo(new FrequencyPolicy.Linear(8));
    assertThat(model.mainRope().base()).isEqualTo(new RopeBase(32, 1e6, 512));
    RopeConfig local = model.ropes().get(model.layers().getFirst().rope());
    assertThat(local.scaling()).isEqualTo(new FrequencyPolicy.None());
    assertThat(local.base()).isEqualTo(new RopeBase(32, 10000, 512));
    assertThat(model.attention().qkNorm()).isEqualTo(QkNorm.PER_HEAD);
    assertThat(model.attention().scale()).isEqualTo(1 / Math.sqrt(32));
    assertThat(model.multipliers()).isEqualTo(new Multipliers(8, 1, 1, 0));
  }

  @Test
  void aPatternIsAPeriodOrAFlagPerLayer() {
    of("gemma3").count("attention.sliding_window", 24);
    assertThat(windows(count("attention.sliding_window_pattern", 2).model()))
        .containsExactly(24, 0, 24, 0);
    GgufNumbers flags = new GgufNumbers(GgufValueType.BOOL, new byte[] {1, 1, 0, 1});
    assertThat(windows(put("attention.sliding_window_pattern", flags).model()))
        .containsExactly(24, 24, 0, 24);
  }

  @Test
  void gemma2IsCappedAndScaled() {
    ModelConfig model = of("gemma2").model();
    assertThat(windows(model)).containsExactly(4096, 0, 4096, 0);
    assertThat(model.attention().softCap()).isEqualTo(50);
    assertThat(model.multipliers()).isEqualTo(new Multipliers(8, 1, 1, 30));
    assertThat(model.norm().placement()).isEqualTo(Placement.PRE_AND_POST);
    assertThat(model.feedForward())
        .isEqualTo(new FeedForward.Dense(96, Activation.GELU_TANH, true));
  }

  @Test
  void graniteHasItsMultipliers() {
    ModelConfig model =
        of("granite")
            .number("embedding_scale", 6)
            .number("residual_scale", 0.5f)
            .number("logit_scale", 4)
            .number("attention.scale", 0.25f)
            .model();
    assertThat(model.multipliers()).isEqualTo(new Multipliers(6, 0.5, 0.25, 0));
    assertThat(model.attention().scale()).isEqualTo(0.25);
  }

  @Test
  void mixtralIsALlamaWithExperts() {
    assertThat(of("llama").count("expert_count", 8).count("expert_used_count", 2).model())
        .extracting(ModelConfig::feedForward)
        .isEqualTo(new FeedForward.Experts(8, 2, 96, Routing.NORMALISED, new ExpertGate.Silu()));
  }

  @Test
  void smolLm3SkipsRopeInEveryFourthLayerAndNeoxRotatesAPart() {
    assertThat(of("smollm3").model().layers().stream().map(LayerConfig::rope))
        .containsExactly(0, 0, 0, LayerConfig.NO_ROPE);
    metadata.clear();
    tensors.clear();
    ModelConfig neox =
        of("gptneox")
            .count("rope.dimension_count", 4)
            .put("use_parallel_residual", GgufValue.bool(true))
            .model();
    assertThat(neox.mainRope().base().rotaryDim()).isEqualTo(4);
    assertThat(neox.norm().kind()).isEqualTo(Kind.LAYER);
    assertThat(neox.norm().placement()).isEqualTo(Placement.PARALLEL);
    assertThat(neox.feedForward()).isEqualTo(new FeedForward.Dense(96, Activation.GELU, false));
  }

  @Test
  void theEndOfTextIsEveryIdTheFileNames() {
    of("llama");
    metadata.put("tokenizer.ggml.eos_token_id", GgufValue.u32(2));
    metadata.put("tokenizer.ggml.eot_token_id", GgufValue.u32(7));
    metadata.put("tokenizer.ggml.eom_token_id", GgufValue.u32(0xFFFFFFFFL));
    assertThat(read().endOfText()).containsExactlyInAnyOrder(2, 7);
  }

  private void refused(String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(this::read)
        .withMessageContaining("model.gguf: ")
        .withMessageContaining(message);
  }

  @Test
  void whatCannotBeRunIsRefused() {
    of("bert");
    refused("has architecture 'bert', which is not supported; known: llama, granite");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rope.frequency_base | 1 | llama.rope.frequency_base is a RoPE key that nothing reads",
        "rope.scaling.alpha | 2 | llama.rope.scaling.alpha is a RoPE key that nothing reads",
        "rope.scaling.factor | 0.5 | llama.rope.scaling.factor is 0.5 but must be at least 1",
        "rope.scaling.attn_factor | 2 | only yarn and longrope have an attention factor",
        "rope.freq_base_swa | 5 | llama.rope.freq_base_swa differs from rope.freq_base",
        "rope.dimension_count | 32 | llama.rope.dimension_count is more than a head has: 16",
        "rope.dimension_count | 7 | the rotary dimension must be even and positive, got 7",
        "attention.head_count_kv | 3 | is not a multiple of num_key_value_heads=3",
        "attention.value_length | 8 | differs from attention.key_length",
        "block_count | 2000000000 | llama.block_count is 2000000000; at most 10000 are read",
        "context_length | 0 | llama.context_length is 0.0 where a whole number",
        "attention.layer_norm_rms_epsilon | 0 | epsilon must be positive",
      })
  void aNumberThatCannotBeIsRefused(String key, float value, String message) {
    of("llama").number(key, value);
    refused(message);
  }

  @Test
  void aScalingThatIsNotKnownIsRefused() {
    of("llama").put("rope.scaling.type", GgufValue.text("dynamic"));
    refused("llama.rope.scaling.type is 'dynamic'; known: none, linear, yarn, longrope");
  }

  @Test
  void aMissingKeyIsNamed() {
    of("llama");
    metadata.remove("llama.context_length");
    refused("llama.context_length is missing");
  }

  @Test
  void multimodalSectionsAreRefused() {
    of("qwen2")
        .put("rope.dimension_sections", GgufNumbers.ofIntegers(GgufValueType.I32, 4, 6, 6, 0));
    refused("qwen2.rope.dimension_sections is a RoPE key that nothing reads");
  }
}
