package dev.farspan.formats.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.lint.Findings;
import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.FeedForward.Activation;
import dev.farspan.context.model.FeedForward.ExpertGate;
import dev.farspan.context.model.FeedForward.Routing;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.NormConfig;
import dev.farspan.context.model.NormConfig.Kind;
import dev.farspan.context.model.NormConfig.Placement;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.formats.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HfConfigTest {
  private static final String SIZES =
      "'vocab_size':257,'hidden_size':64,'intermediate_size':96,'num_hidden_layers':4,"
          + "'num_attention_heads':4,'num_key_value_heads':2,'max_position_embeddings':512,'rope_theta':10000.0,";

  private static HfConfig parse(String family, String rest) {
    return HfConfig.parse(json(family, rest), "config.json");
  }

  private static String json(String family, String rest) {
    String key = rest.isEmpty() ? "" : rest.substring(0, rest.indexOf(':') + 1);
    String sizes =
        rest.isEmpty()
            ? SIZES
            : Stream.of(SIZES.split(",", -1))
                .filter(size -> !size.startsWith(key)) // a test may give a size of its own
                .collect(Collectors.joining(","));
    return ("{" + sizes + rest + (rest.isEmpty() ? "" : ",") + "'model_type':'" + family + "'}")
        .replace('\'', '"');
  }

  private static ModelConfig model(String family, String rest) {
    return parse(family, rest).model();
  }

  private static List<Integer> windows(ModelConfig model) {
    return model.layers().stream().map(LayerConfig::window).toList();
  }

  @Test
  void aLlamaIsThePlainCase() {
    ModelConfig model = model("llama", "'num_key_value_heads':2,'eos_token_id':[2,7]");
    assertThat(model.vocabSize()).isEqualTo(257);
    assertThat(model.maxLength()).isEqualTo(512);
    assertThat(model.trainedLength()).isEqualTo(512);
    assertThat(model.attention().kvHeads()).isEqualTo(2);
    assertThat(model.attention().headDim()).isEqualTo(16);
    assertThat(model.attention().scale()).isEqualTo(0.25);
    assertThat(model.feedForward()).isEqualTo(new FeedForward.Dense(96, Activation.SILU, true));
    assertThat(model.norm()).isEqualTo(new NormConfig(Kind.RMS, Placement.PRE, 1e-6));
    assertThat(model.multipliers()).isEqualTo(Multipliers.NONE);
    assertThat(model.tiedEmbeddings()).isFalse();
    assertThat(windows(model)).containsOnly(LayerConfig.FULL);
    assertThat(parse("llama", "").findings()).isEmpty();
  }

  @Test
  void theEndOfTextIsOneIdOrSeveral() {
    assertThat(parse("llama", "'eos_token_id':[2,7]").endOfText()).containsExactlyInAnyOrder(2, 7);
    assertThat(parse("llama", "'eos_token_id':0").endOfText()).containsExactly(0);
    assertThat(parse("llama", "'eos_token_id':null").endOfText()).isEmpty();
  }

  @Test
  void generationConfigHasTheLastWordOnTheEndOfText(@TempDir Path directory) throws Exception {
    assertThat(TokenIds.endOfText(directory, Set.of(2))).containsExactly(2);
    Path file = directory.resolve(TokenIds.GENERATION_FILE);
    Files.writeString(file, "{\"eos_token_id\": [3, 4]}");
    assertThat(TokenIds.endOfText(directory, Set.of(2))).containsExactlyInAnyOrder(3, 4);
    Files.writeString(file, "{\"eos_token_id\": \"stop\"}");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> TokenIds.endOfText(directory, Set.of(2)))
        .withMessageContaining("eos_token_id is not a token id");
  }

  @Test
  void mistralHasItsWindowInEveryLayer() {
    assertThat(windows(model("mistral", "'sliding_window':24"))).containsOnly(24);
    assertThat(windows(model("mistral", "'sliding_window':null"))).containsOnly(LayerConfig.FULL);
    assertThat(windows(model("mistral", ""))).containsOnly(4096); // the default of the class
    assertThat(windows(model("phi3", "'sliding_window':24,'original_max_position_embeddings':512")))
        .containsOnly(24);
  }

  @Test
  void qwensWindowNeedsItsFlagAndStartsAtMaxWindowLayers() {
    String window = "'sliding_window':24,'max_window_layers':3";
    assertThat(windows(model("qwen2", window))).containsOnly(LayerConfig.FULL);
    assertThat(windows(model("qwen2", window + ",'use_sliding_window':true")))
        .containsExactly(0, 0, 0, 24);
    assertThat(
            windows(
                model(
                    "qwen3", "'use_sliding_window':true,'sliding_window':9,'max_window_layers':0")))
        .containsOnly(9);
    assertThat(windows(model("qwen3_moe", "'use_sliding_window':true,'sliding_window':9")))
        .containsOnly(9);
  }

  @Test
  void gemma2AlternatesAndIsScaledAndCapped() {
    ModelConfig model = model("gemma2", "'sliding_window':24,'head_dim':16");
    assertThat(windows(model)).containsExactly(24, 0, 24, 0);
    assertThat(model.multipliers()).isEqualTo(new Multipliers(8, 1, 1, 30));
    assertThat(model.attention().softCap()).isEqualTo(50);
    assertThat(model.attention().scale()).isEqualTo(1.0 / 16); // query_pre_attn_scalar is 256
    assertThat(model.norm().placement()).isEqualTo(Placement.PRE_AND_POST);
    assertThat(model.feedForward())
        .isEqualTo(new FeedForward.Dense(96, Activation.GELU_TANH, true));
    assertThat(model.tiedEmbeddings()).isTrue();
    assertThat(model("gemma2", "'head_dim':16,'attn_logit_softcapping':null").attention().softCap())
        .isZero();
  }

  @Test
  void gemma3OfTheOldKindHasAPatternAndTwoBases() {
    ModelConfig model =
        model(
            "gemma3_text",
            "'sliding_window':24,'sliding_window_pattern':3,'rope_local_base_freq':5000.0,"
                + "'rope_scaling':{'rope_type':'linear','factor':8.0}");
    assertThat(windows(model)).containsExactly(24, 24, 0, 24);
    assertThat(model.mainRope().scaling()).isEqualTo(new FrequencyPolicy.Linear(8));
    assertThat(model.trainedLength()).isEqualTo(512);
    assertThat(model.ropes().get(model.layers().getFirst().rope()).base().theta()).isEqualTo(5000);
    assertThat(model.attention().headDim()).isEqualTo(256);
    assertThat(model.attention().qkNorm()).isEqualTo(QkNorm.PER_HEAD);
    assertThat(model.multipliers().logitSoftCap()).isZero();
  }

  /// As published with the 4B model: most keys are left to the class.
  @Test
  void gemma3WithAVisionTowerIsItsTextModel() {
    HfConfig config =
        HfConfig.parse(
            """
            {"model_type": "gemma3", "eos_token_id": [1, 106], "vision_config": {},
             "text_config": {"hidden_size": 2560, "intermediate_size": 10240,
               "model_type": "gemma3_text", "num_hidden_layers": 34, "sliding_window": 1024,
               "rope_scaling": {"factor": 8.0, "rope_type": "linear"}}}
            """,
            "config.json");
    assertThat(config.model().family()).isEqualTo("gemma3_text");
    assertThat(config.model().attention().heads()).isEqualTo(8);
    assertThat(config.model().attention().kvHeads()).isEqualTo(4);
    assertThat(config.model().vocabSize()).isEqualTo(262208);
    assertThat(config.model().mainRope().base().theta()).isEqualTo(1e6);
    assertThat(config.model().trainedLength()).isEqualTo(131072);
    assertThat(windows(config.model()).subList(0, 6))
        .containsExactly(1024, 1024, 1024, 1024, 1024, 0);
    assertThat(config.endOfText()).containsExactlyInAnyOrder(1, 106);
  }

  @Test
  void smolLm3SkipsRopeWhereItsListSaysZero() {
    assertThat(
            model("smollm3", "'no_rope_layers':[1,0,1,1]").layers().stream().map(LayerConfig::rope))
        .containsExactly(0, LayerConfig.NO_ROPE, 0, 0);
    assertThat(model("smollm3", "").layers().stream().map(LayerConfig::rope))
        .containsExactly(0, 0, 0, LayerConfig.NO_ROPE);
    assertThat(
            model("smollm3", "'no_rope_layer_interval':2").layers().stream().map(LayerConfig::rope))
        .containsExactly(0, LayerConfig.NO_ROPE, 0, LayerConfig.NO_ROPE);
    assertThat(model("smollm3", "").tiedEmbeddings()).isTrue();
  }

  @Test
  void graniteHasItsMultipliers() {
    ModelConfig model =
        model(
            "granite",
            "'embedding_multiplier':6.0,'residual_multiplier':0.5,'logits_scaling':4.0,"
                + "'attention_multiplier':0.2");
    assertThat(model.multipliers()).isEqualTo(new Multipliers(6, 0.5, 0.25, 0));
    assertThat(model.attention().scale()).isEqualTo(0.2);
  }

  @Test
  void olmo2NormalisesAfterwardsAndOverAllHeads() {
    ModelConfig model = model("olmo2", "");
    assertThat(model.norm()).isEqualTo(new NormConfig(Kind.RMS, Placement.POST, 1e-5));
    assertThat(model.attention().qkNorm()).isEqualTo(QkNorm.ALL_HEADS);
  }

  @Test
  void gptNeoxIsParallelWithLayerNormsAndOneKeyHeadPerQueryHead() {
    HfConfig config =
        HfConfig.parse(
            json("gpt_neox", "'use_parallel_residual':false")
                .replace("rope_theta", "rotary_emb_base"),
            "config.json");
    ModelConfig model = config.model();
    assertThat(model.norm()).isEqualTo(new NormConfig(Kind.LAYER, Placement.PRE, 1e-5));
    assertThat(model.attention().kvHeads()).isEqualTo(4);
    assertThat(model.mainRope().base().rotaryDim()).isEqualTo(4);
    assertThat(model.feedForward()).isEqualTo(new FeedForward.Dense(96, Activation.GELU, false));
    assertThat(config.findings()).extracting(Finding::key).containsExactly("num_key_value_heads");
  }

  @Test
  void expertsAreRoutedAsTheirFamilyDoes() {
    assertThat(model("mixtral", "'num_local_experts':4,'num_experts_per_tok':2").feedForward())
        .isEqualTo(new FeedForward.Experts(4, 2, 96, Routing.NORMALISED, new ExpertGate.Silu()));
    String qwen = "'num_experts':4,'num_experts_per_tok':2,'moe_intermediate_size':48";
    assertThat(model("qwen3_moe", qwen).feedForward())
        .isEqualTo(
            new FeedForward.Experts(4, 2, 48, Routing.SOFTMAX_OF_ALL, new ExpertGate.Silu()));
    assertThat(
            model(
                    "qwen3_moe",
                    qwen.replace("num_experts'", "num_local_experts'") + ",'norm_topk_prob':true")
                .feedForward())
        .isEqualTo(new FeedForward.Experts(4, 2, 48, Routing.NORMALISED, new ExpertGate.Silu()));
  }

  @Test
  void gptOssHasSinksWindowsAndAClampedGate() {
    ModelConfig model = model("gpt_oss", "'num_local_experts':4,'swiglu_limit':5.0");
    assertThat(model.attention().sinks()).isTrue();
    assertThat(model.attention().headDim()).isEqualTo(64);
    assertThat(windows(model)).containsExactly(128, 0, 128, 0);
    assertThat(model.feedForward())
        .isEqualTo(
            new FeedForward.Experts(
                4, 4, 96, Routing.NORMALISED, new ExpertGate.ClampedSwiglu(1.702, 5)));
  }

  @ParameterizedTest
  @CsvSource({
    "silu, SILU",
    "swish, SILU",
    "gelu, GELU",
    "gelu_new, GELU_TANH",
    "gelu_fast, GELU_TANH",
    "gelu_pytorch_tanh, GELU_TANH"
  })
  void activationsHaveTheirNames(String name, Activation activation) {
    assertThat(model("llama", "'hidden_act':'" + name + "'").feedForward())
        .isEqualTo(new FeedForward.Dense(96, activation, true));
  }

  @Test
  void aNullHeadDimIsDerivedAndReported() {
    HfConfig config = parse("llama", "'head_dim':null");
    assertThat(config.model().attention().headDim()).isEqualTo(16);
    assertThat(config.findings()).extracting(Finding::key).containsExactly("head_dim");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "bert | | has model_type 'bert', which is not supported; known: gemma2, gemma3_text",
        "llama | 'num_hidden_layers':2000000000 | num_hidden_layers is 2000000000; at most 10000",
        "llama | 'num_hidden_layers':0 | num_hidden_layers is 0 where a whole number",
        "llama | 'num_key_value_heads':3 | num_attention_heads=4 is not a multiple of",
        "llama | 'head_dim':15 | head_dim is 15 but must be even",
        "llama | 'vocab_size':'many' | vocab_size is many where a whole number",
        "llama | 'vocab_size':null | vocab_size is missing",
        "llama | 'rms_norm_eps':-1 | the norm's epsilon must be positive",
        "llama | 'hidden_act':'relu' | hidden_act is 'relu', which is not supported; known: silu",
        "gemma2 | 'hidden_activation':null | hidden_activation is null, but the family has no",
        "gemma2 | 'query_pre_attn_scalar':0 | attention needs a positive finite scale",
        "llama | 'head_dim':1000000000 | num_attention_heads=4 times head_dim=1000000000 is more",
        "llama | 'rope_scaling':{'type':'ntk','factor':2} | type is 'ntk', which is not known",
        "llama | 'layer_types':['sliding_attention','full_attention','full_attention','full_attention'] | layer_types differs from full_attention",
        "qwen2 | 'layer_types':['full_attention'] | layer_types has 1 entries for 4 layers",
        "qwen2 | 'layer_types':['chunked_attention','a','b','c'] | layer_types has 'chunked_attention'",
        "qwen2 | 'layer_types':['sliding_attention','full_attention','full_attention','full_attention'] | no sliding_window is in force",
        "smollm3 | 'no_rope_layers':[1] | no_rope_layers has fewer entries",
        "qwen3_moe | 'decoder_sparse_step':2 | decoder_sparse_step makes some layers",
        "qwen3_moe | 'mlp_only_layers':[1] | mlp_only_layers names layers without experts",
        "mixtral | 'num_experts_per_tok':9 | num_experts_per_tok=9 is more than num_experts=8",
        "granite | 'logits_scaling':0 | logits_scaling is 0.0 but must be positive",
        "gemma3_text | 'use_bidirectional_attention':true | only causal models",
        "llama | 'eos_token_id':'x' | eos_token_id is not a token id",
      })
  void whatCannotBeRunIsRefusedInOneSentence(String family, String rest, String message) {
    String text = json(family, rest == null ? "" : rest);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> HfConfig.parse(text, "config.json"))
        .withMessageStartingWith("config.json: ")
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "null", "{\"a\":1,\"a\":2}", "{} {}", "{\"model_type\":3}", "{}"})
  void textThatIsNoConfigurationIsRefused(String text) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> HfConfig.parse(text, "config.json"))
        .withMessageStartingWith("config.json: ");
  }

  @Test
  void lintReportsErrorsInsteadOfRefusing() {
    assertThat(HfConfig.lint(json("llama", "'rope_scaling':{'type':'ntk'}"), "config.json"))
        .anySatisfy(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR));
    assertThat(HfConfig.lint(json("llama", "'head_dim':15"), "config.json"))
        .anySatisfy(finding -> assertThat(finding.message()).contains("is 15 but must be even"));
  }

  @Test
  void aModelTrainedWithLandmarksSaysSo() {
    assertThat(model("llama", "'farspan':{'landmark':{'block':16,'token':256}}").memory())
        .isEqualTo(new TrainedMemory.Landmarks(16, 256));
    assertThat(model("llama", "").memory()).isEqualTo(TrainedMemory.NONE);
  }

  @Test
  void landmarksAreWrittenAsTheyAreRead() {
    TrainedMemory.Landmarks landmarks = new TrainedMemory.Landmarks(16, 257);
    Map<String, Object> written = HfMemory.with(Map.of("vocab_size", 257), landmarks);
    assertThat(written).containsEntry("vocab_size", 258);
    Findings findings = new Findings();
    assertThat(HfMemory.read(Settings.of(written, Map.of(), findings))).isEqualTo(landmarks);
    assertThat(findings.list()).isEmpty();
  }

  @Test
  void memoryTokensAreWrittenAsTheyAreRead() {
    for (int keep : new int[] {1, TrainedMemory.Summaries.ALL}) {
      TrainedMemory.Summaries summaries = new TrainedMemory.Summaries(16, 128, keep);
      Map<String, Object> written = HfMemory.with(Map.of("vocab_size", 257), summaries);
      assertThat(written).containsEntry("vocab_size", 257);
      Findings findings = new Findings();
      assertThat(HfMemory.read(Settings.of(written, Map.of(), findings))).isEqualTo(summaries);
      assertThat(findings.list()).isEmpty();
    }
    assertThat(
            model("llama", "'farspan':{'memory_tokens':{'tokens':2,'segment':9,'keep':1}}")
                .memory())
        .isEqualTo(new TrainedMemory.Summaries(2, 9, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'farspan':{'memory_tokens':{'tokens':16}} | farspan.memory_tokens.segment is missing",
        "'farspan':{'memory_tokens':{'tokens':0,'segment':9}} | farspan.memory_tokens.tokens is 0 where a whole number",
        "'farspan':{'memory_tokens':{'tokens':1,'segment':9,'ratio':8}} | farspan.memory_tokens.ratio is unknown",
        "'farspan':{'memory_tokens':{'tokens':1,'segment':9},'landmark':{'block':16,'token':25}} | has both",
        "'farspan':{'landmark':{'block':16,'token':257}} | the landmark is token 257, but vocab_size is 257",
        "'farspan':{'landmark':{'block':0,'token':256}} | farspan.landmark.block is 0 where a whole number",
        "'farspan':{'landmark':{'block':16}} | farspan.landmark.token is missing",
        "'farspan':{'landmark':{'block':16,'token':256,'sinks':1}} | farspan.landmark.sinks is unknown",
        "'farspan':{'beacon':{}} | farspan.beacon is unknown",
        "'farspan':7 | farspan is 7 where an object is expected"
      })
  void aMemoryThatIsNotUnderstoodIsRefused(String section, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> parse("llama", section))
        .withMessageContaining(message);
  }
}
