package dev.farspan.context.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.lint.Finding.Severity;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.Stages;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RopeLinterTest {
  private static final int HEAD_DIM = 8;
  private static final int MAX = 4096;
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final String SEQUENCE = "max_sequence_length";
  private static final List<Double> FOUR = List.of(1.0, 1.0, 1.0, 1.0);

  private final Findings findings = new Findings();

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /// An old configuration: base at the top level, the rest in `rope_scaling`.
  private static Map<String, Object> old(Object... scaling) {
    return map("rope_theta", 10000.0, "rope_scaling", map(scaling));
  }

  private static Map<String, Object> with(Map<String, Object> config, Object... pairs) {
    config.putAll(map(pairs));
    return config;
  }

  private RopeReading read(String family, Map<String, Object> config, String... layerTypes) {
    Settings settings = Settings.of(config, Map.of(), findings);
    List<String> types = layerTypes.length == 0 ? List.of(RopeFacts.FULL) : List.of(layerTypes);
    RopeReading reading =
        RopeLinter.read(settings, new RopeFacts(family, HEAD_DIM, MAX, types), findings);
    RopeLinter.flagUnread(settings);
    return reading;
  }

  private RopeConfig llama(Map<String, Object> config) {
    return read("llama", config).ropes().getFirst();
  }

  private List<String> found() {
    return findings.list().stream().map(f -> f.severity() + " " + f.sentence()).toList();
  }

  static Stream<Arguments> clean() {
    return Stream.of(
        Arguments.of(
            map("rope_theta", 5e5, "rope_scaling", null, "use_mrope", false),
            new FrequencyPolicy.None(),
            MAX),
        Arguments.of(
            with(old("type", "linear", "factor", 4), SEQUENCE, MAX),
            new FrequencyPolicy.Linear(4),
            MAX),
        Arguments.of(
            with(old("type", "linear", "factor", 4), SEQUENCE, 16384),
            new FrequencyPolicy.Linear(4),
            16384),
        Arguments.of(
            with(
                old("rope_type", "dynamic", "factor", 2.0),
                "rope_parameters",
                map("rope_type", "dynamic", "factor", 2.0, "rope_theta", 1e4)),
            new FrequencyPolicy.DynamicNtk(2, Stages.WHOLE_EXACT),
            MAX),
        Arguments.of(
            old("rope_type", "dynamic", "factor", 2.0),
            new FrequencyPolicy.DynamicNtk(2, Stages.WHOLE_EXACT),
            MAX),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4.0, ORIGINAL, 1024),
            new FrequencyPolicy.Yarn(4, 1024, YarnRamp.DEFAULT, new YarnTemperature.FromFactor()),
            1024),
        Arguments.of(
            old(
                "rope_type",
                "llama3",
                "factor",
                8.0,
                "low_freq_factor",
                1,
                "high_freq_factor",
                4,
                ORIGINAL,
                512),
            new FrequencyPolicy.Llama3(8, 1, 4, 512),
            512),
        Arguments.of(
            old("rope_type", "longrope", "short_factor", FOUR, "long_factor", FOUR, ORIGINAL, 1024),
            new FrequencyPolicy.LongRope(FOUR, FOUR, 1024, Double.NaN, 4, true),
            1024));
  }

  @ParameterizedTest
  @MethodSource("clean")
  void aSoundConfigurationHasNoFinding(
      Map<String, Object> config, FrequencyPolicy policy, int trainedLength) {
    RopeConfig rope = llama(config);
    assertThat(found()).isEmpty();
    assertThat(rope.scaling()).isEqualTo(policy);
    assertThat(rope.base().trainedLength()).isEqualTo(trainedLength);
    assertThat(rope.pairing()).isEqualTo(RopeConfig.Pairing.HALVES);
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(
            with(old("type", "linear", "factor", 4.0), "rope_condense_ratio", 8),
            "rope_condense_ratio is a RoPE setting that nothing reads"),
        Arguments.of(old("rope_type", "ntk"), "rope_type is 'ntk', which is not known"),
        Arguments.of(old("type", "mrope", "mrope_section", FOUR), "is mrope, which is no scaling"),
        Arguments.of(old("rope_type", 3), "rope_scaling.rope_type is 3 where a string"),
        Arguments.of(map("rope_scaling", "yarn"), "rope_scaling is yarn where an object"),
        Arguments.of(old("rope_type", "linear"), "rope_scaling.factor is missing"),
        Arguments.of(old("rope_type", "dynamic"), "rope_scaling.factor is missing"),
        Arguments.of(old("rope_type", "yarn", ORIGINAL, 1024), "rope_scaling.factor is missing"),
        Arguments.of(old("rope_type", "linear", "factor", null), "rope_scaling.factor is missing"),
        Arguments.of(old("rope_type", "linear", "factor", 0.5), "factor is 0.5 but must be at"),
        Arguments.of(old("rope_type", "linear", "factor", "4"), "factor is 4 where a number"),
        Arguments.of(old("rope_type", "linear", "factor", true), "factor is true where a number"),
        Arguments.of(
            old("rope_type", "linear", "factor", Double.POSITIVE_INFINITY),
            "factor is Infinity where a number"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4, ORIGINAL, 10.5), ORIGINAL + " is 10.5 where"),
        Arguments.of(old("rope_type", "yarn", "factor", 4, ORIGINAL, -1), ORIGINAL + " is -1"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4, ORIGINAL, 1024, "beta_fast", 1, "beta_slow", 32),
            "beta_fast must be above beta_slow"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4, ORIGINAL, 1024, "beta_fast", 1),
            "beta_fast must be above beta_slow"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4, ORIGINAL, 1024, "attention_factor", 0),
            "attention_factor must be positive"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4, ORIGINAL, 1024, "truncate", "no"),
            "truncate is no where true or false"),
        Arguments.of(
            old("rope_type", "llama3", "factor", 8, ORIGINAL, 512, "high_freq_factor", 4),
            "low_freq_factor is missing"),
        Arguments.of(
            old(
                "rope_type",
                "llama3",
                "factor",
                8,
                ORIGINAL,
                512,
                "low_freq_factor",
                4,
                "high_freq_factor",
                4),
            "high_freq_factor must be above low_freq_factor"),
        Arguments.of(
            old("rope_type", "longrope", "short_factor", FOUR, ORIGINAL, 1024),
            "long_factor is missing"),
        Arguments.of(
            old(
                "rope_type",
                "longrope",
                "short_factor",
                FOUR,
                "long_factor",
                List.of(1.0, 2.0),
                ORIGINAL,
                1024),
            "long_factor has 2 numbers, but 4 pairs are rotated"),
        Arguments.of(
            old(
                "rope_type",
                "longrope",
                "short_factor",
                List.of(1.0, 0.0, 1.0, 1.0),
                "long_factor",
                FOUR,
                ORIGINAL,
                1024),
            "short_factor must hold positive numbers only"),
        Arguments.of(
            old(
                "rope_type",
                "longrope",
                "short_factor",
                List.of(1.0, "x", 1.0, 1.0),
                "long_factor",
                FOUR,
                ORIGINAL,
                1024),
            "short_factor is x where a list of numbers"),
        Arguments.of(with(map(), "rope_theta", 1.0), "rope_theta is 1.0 but must be above 1"),
        Arguments.of(
            map("rope_theta", 1e4, "partial_rotary_factor", 0.4), "rotates 3 of 8 elements"),
        Arguments.of(
            map("rope_theta", 1e4, "partial_rotary_factor", 1.5), "rotates 12 of 8 elements"),
        Arguments.of(old("rope_type", "linear", "factor", 2, "facter", 3), "facter is not known"),
        Arguments.of(with(old(), "rope_factor", 2), "rope_factor is a RoPE setting that nothing"),
        Arguments.of(with(old(), "no_rope_layers", FOUR), "no_rope_layers is a RoPE setting"),
        Arguments.of(with(old(), "use_mrope", true), "use_mrope asks for multimodal positions"),
        Arguments.of(
            map("rope_theta", 1e4, "rope_parameters", map("sliding_attention", map())),
            "rope_parameters.full_attention is missing"),
        Arguments.of(
            map(
                "rope_theta",
                1e4,
                "rope_parameters",
                map("full_attention", map(), "chunked_attention", map())),
            "chunked_attention is a layer type that no layer has"),
        Arguments.of(
            map("rope_theta", 1e4, "rope_parameters", map("full_attention", map(), "factor", 4.0)),
            "rope_parameters.factor stands beside settings nested by layer type"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void whatWouldHaveToBeGuessedIsAnError(Map<String, Object> config, String sentence) {
    read("llama", config);
    assertThat(found())
        .anySatisfy(found -> assertThat(found).startsWith("ERROR").contains(sentence));
  }

  static Stream<Arguments> warnings() {
    return Stream.of(
        Arguments.of(
            old("type", "linear", "rope_type", "dynamic", "factor", 2),
            "type is 'linear' but rope_type is 'dynamic', which is used"),
        Arguments.of(
            with(
                old("rope_type", "linear", "factor", 2),
                "rope_parameters",
                map("rope_type", "linear", "factor", 3)),
            "rope_scaling disagrees with rope_parameters; transformers takes rope_scaling"),
        Arguments.of(
            with(
                old("rope_type", "dynamic", "factor", 2.0),
                "rope_parameters",
                map("rope_type", "dynamic", "factor", 2.0, "rope_theta", 5e5)),
            "rope_scaling disagrees with rope_parameters; transformers takes rope_scaling"),
        Arguments.of(
            old("type", "linear", "factor", 4.0),
            "max_position_embeddings = 4096 is taken for the length with linear scaling by 4.0; if it"
                + " is the one before, add \"max_sequence_length\": 16384 to the file"),
        Arguments.of(
            with(old("type", "linear", "factor", 8.0), "rope_condense_ratio", 8),
            "rope_condense_ratio repeats the factor of the linear scaling, which is applied once"),
        Arguments.of(
            old(
                "type",
                "longrope",
                "short_factor",
                FOUR,
                "long_factor",
                FOUR,
                ORIGINAL,
                1024,
                "attention_factor",
                1.5,
                "long_mscale",
                1.25),
            "long_mscale is 1.25, which vLLM takes for the attention factor"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 2.0, ORIGINAL, 1024),
            "factor is 2.0, but max_position_embeddings / " + ORIGINAL + " = 4096 / 1024 = 4.0"),
        Arguments.of(old("rope_type", "yarn", "factor", 4.0, ORIGINAL, 4096), "4096 / 4096 = 1.0"),
        Arguments.of(
            with(old("rope_type", "yarn", "factor", 4.0, ORIGINAL, 2048), ORIGINAL, 1024),
            ORIGINAL + " is 2048, but 1024 at the top level, which transformers takes"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4.0),
            ORIGINAL + " is missing; transformers takes max_position_embeddings = 4096"),
        Arguments.of(
            old("rope_type", "yarn", "factor", null, ORIGINAL, 1024),
            "factor is null, which transformers takes for max / original = 4.0"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 1, ORIGINAL, 8192),
            ORIGINAL + " is 8192, more than max_position_embeddings = 4096"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4.0, ORIGINAL, 1024, "beta_slow", 0),
            "beta_slow is 0, which transformers turns into 1.0"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4.0, ORIGINAL, 1024, "mscale", 0.7),
            "mscale is ignored by transformers unless"),
        Arguments.of(
            old(
                "rope_type",
                "yarn",
                "factor",
                4.0,
                ORIGINAL,
                1024,
                "mscale",
                0.7,
                "attention_factor",
                1.0),
            "attention_factor is given as well as mscale"),
        Arguments.of(
            old("rope_type", "yarn", "factor", 4.0, ORIGINAL, 1024, "finetuned", true),
            "finetuned is no setting of rope_type yarn; transformers ignores it"),
        Arguments.of(
            old("rope_type", "linear", "factor", 4.0, "beta_fast", 32),
            "beta_fast is no setting of rope_type linear"),
        Arguments.of(
            old("rope_type", "dynamic", "factor", 4.0, ORIGINAL, 1024),
            ORIGINAL + " is no setting of rope_type dynamic"),
        Arguments.of(
            with(old("rope_type", "dynamic", "factor", 4.0), ORIGINAL, 1024),
            ORIGINAL + " is 1024 and ignored by transformers here; L is 4096"),
        Arguments.of(
            map("rope_parameters", map("rope_type", "default")),
            "rope_theta is missing; transformers takes 10000.0 for llama"),
        Arguments.of(
            map("rope_theta", 1e4, "rope_parameters", map("rope_theta", 5e5)),
            "rope_theta is 10000.0 but rope_parameters.rope_theta is 500000.0, which is used"),
        Arguments.of(
            map("rope_theta", 1e4, "partial_rotary_factor", 0.5),
            "partial_rotary_factor is heeded here, but transformers' llama class does not read it"),
        Arguments.of(
            old("type", "su", "short_factor", FOUR, "long_factor", FOUR, ORIGINAL, 1024),
            "type is 'su' and read as longrope"),
        Arguments.of(with(old(), "rope_interleaved", true), "rope_interleaved is ignored"));
  }

  @ParameterizedTest
  @MethodSource("warnings")
  void whatTransformersIgnoresOrGuessesIsAWarning(Map<String, Object> config, String sentence) {
    read("llama", config);
    assertThat(found())
        .noneSatisfy(found -> assertThat(found).startsWith("ERROR"))
        .anySatisfy(found -> assertThat(found).startsWith("WARNING").contains(sentence));
  }

  @Test
  void aTopLevelOriginalLengthTakesPrecedence() {
    FrequencyPolicy policy =
        llama(with(old("rope_type", "yarn", "factor", 4, ORIGINAL, 2048), ORIGINAL, 1024))
            .scaling();
    assertThat(((FrequencyPolicy.Yarn) policy).original()).isEqualTo(1024);
  }

  @Test
  void nestedSettingsDoNotSeeTheTopLevelOriginalLengthNorTheirOwnTruncate() {
    Map<String, Object> yarn =
        map("rope_type", "yarn", "factor", 4.0, ORIGINAL, 2048, "truncate", false);
    RopeConfig rope =
        llama(map("rope_theta", 1e4, ORIGINAL, 512, "rope_parameters", map(RopeFacts.FULL, yarn)));
    FrequencyPolicy.Yarn policy = (FrequencyPolicy.Yarn) rope.scaling();
    assertThat(policy.original()).isEqualTo(2048);
    assertThat(policy.ramp().truncate()).isTrue();
    assertThat(found())
        .anySatisfy(f -> assertThat(f).contains("truncate is nested"))
        .anySatisfy(f -> assertThat(f).contains(ORIGINAL + " is 512 and ignored"));
  }

  @Test
  void yarnThatMeansMoreThanTheFileClaimsExtendsTheClaim() {
    Map<String, Object> config = old("rope_type", "yarn", "factor", 4.0, ORIGINAL, 4096);
    assertThat(read("qwen2", config).claimedLength()).isEqualTo(4 * 4096);
  }

  @Test
  void gemma3sOldKeysScaleTheFullLayersOnly() {
    Map<String, Object> config =
        with(old("rope_type", "linear", "factor", 8.0), "rope_local_base_freq", 10000.0);
    config.put("rope_theta", 1e6);
    RopeReading reading = read("gemma3_text", config, RopeFacts.SLIDING, RopeFacts.FULL);
    assertThat(found()).isEmpty();
    RopeConfig full = reading.ropes().get(reading.indexFor(RopeFacts.FULL));
    RopeConfig sliding = reading.ropes().get(reading.indexFor(RopeFacts.SLIDING));
    assertThat(full.scaling()).isEqualTo(new FrequencyPolicy.Linear(8));
    assertThat(full.base().theta()).isEqualTo(1e6);
    assertThat(full.base().trainedLength()).isEqualTo(MAX);
    assertThat(sliding.scaling()).isEqualTo(new FrequencyPolicy.None());
    assertThat(sliding.base().theta()).isEqualTo(1e4);
  }

  @Test
  void gemma3sOldKeysMayStandBesideNewOnesThatSayTheSame() {
    Map<String, Object> full = map("rope_type", "linear", "factor", 8.0, "rope_theta", 1e6);
    Map<String, Object> config = old("rope_type", "linear", "factor", 8.0);
    with(config, "rope_theta", 1e6, "rope_local_base_freq", 10000.0);
    config.put("rope_parameters", map(RopeFacts.FULL, full, RopeFacts.SLIDING, map()));
    RopeReading reading = read("gemma3_text", config, RopeFacts.SLIDING, RopeFacts.FULL);
    assertThat(found()).isEmpty();
    RopeConfig read = reading.ropes().get(reading.indexFor(RopeFacts.FULL));
    assertThat(read.scaling()).isEqualTo(new FrequencyPolicy.Linear(8));
    full.put("factor", 4.0);
    read("gemma3_text", config, RopeFacts.SLIDING, RopeFacts.FULL);
    assertThat(found()).anySatisfy(f -> assertThat(f).contains("stands beside rope_parameters"));
  }

  @Test
  void gemma3sFlatParametersAreRefusedBecauseTransformersDropsThem() {
    read("gemma3_text", map("rope_parameters", map("rope_type", "linear", "factor", 8.0)));
    assertThat(found()).anySatisfy(f -> assertThat(f).contains("must be nested by layer type"));
  }

  @Test
  void phi3TakesItsTopLevelLengthAndKnowsLongRopeOnly() {
    Map<String, Object> longRope =
        old("type", "longrope", "short_factor", FOUR, "long_factor", FOUR, ORIGINAL, 512);
    RopeConfig rope = read("phi3", with(longRope, ORIGINAL, 1024)).ropes().getFirst();
    assertThat(((FrequencyPolicy.LongRope) rope.scaling()).original()).isEqualTo(1024);
    read("phi3", old("rope_type", "linear", "factor", 4));
    assertThat(found()).anySatisfy(f -> assertThat(f).contains("phi3 has only longrope"));
  }

  @Test
  void gptNeoxHasItsOwnNamesAndAQuarterByDefault() {
    RopeConfig rope = read("gpt_neox", map("rotary_emb_base", 20000)).ropes().getFirst();
    assertThat(rope.base().rotaryDim()).isEqualTo(HEAD_DIM / 4);
    assertThat(rope.base().theta()).isEqualTo(20000);
    assertThat(found()).isEmpty();
    read("gpt_neox", map("rotary_emb_base", 20000, "rope_theta", 5e5));
    assertThat(found()).anySatisfy(f -> assertThat(f).contains("rope_theta is a RoPE setting"));
  }

  @Test
  void gptNeoxOfTransformers4RepeatsItsSettingsUnderTheCommonNames() {
    Map<String, Object> own = map("rotary_emb_base", 20000, "rotary_pct", 0.5);
    RopeConfig rope =
        read("gpt_neox", with(own, "rope_theta", 20000.0, "partial_rotary_factor", 0.5))
            .ropes()
            .getFirst();
    assertThat(rope.base().rotaryDim()).isEqualTo(HEAD_DIM / 2);
    assertThat(rope.base().theta()).isEqualTo(20000);
    assertThat(found()).isEmpty();
    read("gpt_neox", with(own, "partial_rotary_factor", 1.0));
    assertThat(found())
        .anySatisfy(f -> assertThat(f).contains("partial_rotary_factor is a RoPE setting"));
  }

  @Test
  void gptOssWithoutSettingsIsYarnUntruncated() {
    RopeConfig rope = read("gpt_oss", map("rope_theta", 150000)).ropes().getFirst();
    assertThat(rope.scaling())
        .isEqualTo(
            new FrequencyPolicy.Yarn(
                32, 4096, new YarnRamp(32, 1, false), new YarnTemperature.FromFactor()));
  }

  /// Every key of every scaling, misspelt by one letter: none passes unseen.
  @Test
  void everyUnreadKeyIsReported() {
    List<String> keys =
        new ArrayList<>(List.of("factors", "beta_fas", "betaSlow", "mscale_all", "low_freq"));
    Collections.addAll(keys, "attention_facto", "orig_max", "scale", "alpha", "short_factors");
    for (String key : keys) {
      Findings own = new Findings();
      Map<String, Object> config = old("rope_type", "linear", "factor", 2, key, 1);
      Settings settings = Settings.of(config, Map.of(), own);
      RopeLinter.read(
          settings, new RopeFacts("llama", HEAD_DIM, MAX, List.of(RopeFacts.FULL)), own);
      assertThat(own.list())
          .as(key)
          .anySatisfy(
              finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                assertThat(finding.key()).isEqualTo("rope_scaling." + key);
              });
    }
  }
}
