package dev.farspan.training.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.runtime.engine.Model;
import dev.farspan.training.Engine;
import dev.farspan.training.model.MemoryTokens;
import dev.farspan.training.model.Torch;
import dev.farspan.training.run.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class TuningTest {
  private static final String SCRATCH =
      """
      scratch.vocab = 300
      scratch.hidden = 32
      scratch.intermediate = 64
      scratch.layers = 2
      scratch.heads = 4
      scratch.kv-heads = 2
      scratch.length = 32
      scratch.theta = 10000
      mix = text 0.7, repeats 0.3
      examples = 16x4 until 0.5, trainedx2
      steps = 12
      rate = 1e-2
      """;
  private static final String TUNE =
      """
      extension = yarn
      positions = pose
      examples = trainedx2
      steps = 4
      rate = 1e-3
      """;

  @TempDir static Path directory;
  private static Path text;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    Torch.threads(1);
    text = directory.resolve("text.txt");
    Files.writeString(
        text, "And it came to pass in those days, that there went out 17 men.\n".repeat(60));
    model = directory.resolve("model");
    try (Tuning tuning = Tuning.fromScratch(Recipe.parse(SCRATCH, "scratch"), text, model)) {
      assertThat(tuning.run(text, false, TrainingListener.NONE)).hasSize(12);
    }
  }

  @Test
  void theEngineRunsATrainedModelAndItsLogitsAgree() {
    int[] ids = IntStream.range(40, 60).toArray();
    try (Tuning tuning = Tuning.of(Recipe.parse(TUNE, "t"), model, 64, directory.resolve("again"));
        Model engine = Model.open(model, 1)) {
      float[] own = Engine.logits(engine, "none", ids);
      try (PointerScope _ = new PointerScope()) {
        float[] trained =
            Torch.toFloats(
                tuning
                    .model()
                    .logits(
                        Torch.longs(IntStream.of(ids).asLongStream().toArray(), 1, ids.length),
                        List.of(
                            RopeTables.of(
                                new FrequencyPolicy.None(),
                                engine.config().mainRope().base(),
                                ids.length)),
                        new int[][] {IntStream.range(0, ids.length).toArray()}));
        // Float32 rounding of two layers.
        assertThat(worst(own, trained)).isLessThan(1e-4);
      }
    }
  }

  @Test
  void theEngineReadsByLandmarksWhatWasTrainedByThem() {
    Path out = directory.resolve("read-by-landmarks");
    String recipe = "examples = trainedx2\nsteps = 3\nrate = 1e-2\nlandmark.block = 5\n";
    int[] ids = IntStream.range(40, 63).toArray();
    try (Tuning tuning = Tuning.of(Recipe.parse(recipe, "l"), model, 0, out)) {
      tuning.run(text, false, TrainingListener.NONE);
      try (Model engine = Model.open(out, 1);
          PointerScope _ = new PointerScope()) {
        int vocab = engine.config().vocabSize();
        long[] read = new long[27]; // four landmarks among them
        for (int i = 0; i < read.length; i++) {
          read[i] = i % 6 == 5 ? vocab - 1 : 40 + i - i / 6;
        }
        float[] trained =
            Torch.toFloats(
                tuning
                    .model()
                    .logits(
                        Torch.longs(read, 1, read.length),
                        List.of(
                            RopeTables.of(
                                new FrequencyPolicy.None(),
                                engine.config().mainRope().base(),
                                read.length)),
                        new int[][] {IntStream.range(0, read.length).toArray()}));
        float[] own = Engine.logits(engine, "landmark:topk=3,local=1", ids);
        for (int token = 0; token < ids.length; token++) {
          int at = token + (token + 1) / 5; // at the landmark, for the last of a block
          assertThat(
                  worst(
                      Arrays.copyOfRange(own, token * vocab, (token + 1) * vocab),
                      Arrays.copyOfRange(trained, at * vocab, (at + 1) * vocab)))
              .as("token %d", token)
              .isLessThan(2e-4); // float32 rounding of two layers
        }
      }
    }
  }

  @Test
  void aTunedModelSaysHowItWasExtended() {
    Path out = directory.resolve("longer");
    try (Tuning tuning = Tuning.of(Recipe.parse(TUNE, "t"), model, 256, out)) {
      tuning.run(text, false, TrainingListener.NONE);
    }
    assertThat(out.resolve("loss.csv")).content().startsWith("step,loss\n1,").contains("\n4,");
    assertThat(out.resolve("loss.svg")).content().startsWith("<svg").endsWith("</svg>\n");
    try (Model engine = Model.open(out, 1)) {
      assertThat(engine.findings()).isEmpty();
      assertThat(engine.config().maxLength()).isEqualTo(256);
      assertThat(engine.config().trainedLength()).isEqualTo(32);
      assertThat(engine.config().mainRope().scaling())
          .isInstanceOfSatisfying(
              FrequencyPolicy.Yarn.class, yarn -> assertThat(yarn.factor()).isEqualTo(8));
      assertThat(Engine.logits(engine, "file", IntStream.range(20, 220).toArray()))
          .hasSize(200 * engine.config().vocabSize());
    }
  }

  /// There the base stands among the settings that are replaced.
  @Test
  void aModelInTheFormOfTransformers5KeepsItsBase() throws IOException {
    Path source = Files.createDirectory(directory.resolve("five"));
    for (String name : List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(model.resolve(name), source.resolve(name));
    }
    Map<String, Object> config =
        new LinkedHashMap<>(
            JsonMapper.shared()
                .readValue(
                    model.resolve("config.json"), new TypeReference<Map<String, Object>>() {}));
    config.remove("rope_theta");
    config.put("rope_parameters", Map.of("rope_type", "default", "rope_theta", 500_000.0));
    Files.writeString(
        source.resolve("config.json"), JsonMapper.shared().writeValueAsString(config));
    Path out = directory.resolve("longer5");
    try (Tuning _ = Tuning.of(Recipe.parse(TUNE, "t"), source, 256, out)) {
      RopeConfig rope = HfConfig.read(out.resolve("config.json")).model().mainRope();
      assertThat(rope.base().theta()).isEqualTo(500_000);
      assertThat(rope.scaling()).isInstanceOf(FrequencyPolicy.Yarn.class);
    }
  }

  @Test
  void adaptersAreMergedIntoTheModelThatIsWritten() throws IOException {
    Path out = directory.resolve("lora");
    String lora = TUNE + "lora.rank = 2\nlora.alpha = 4\nlora.targets = q_proj, v_proj\n";
    try (Tuning tuning = Tuning.of(Recipe.parse(lora, "t"), model, 64, out)) {
      tuning.run(text, false, TrainingListener.NONE);
    }
    try (Model engine = Model.open(out, 1);
        Model base = Model.open(model, 1)) {
      int[] ids = IntStream.range(40, 60).toArray();
      assertThat(worst(Engine.logits(engine, "none", ids), Engine.logits(base, "none", ids)))
          .isGreaterThan(1e-4);
    }
  }

  private static final String LORA =
      TUNE
          + """
          rate.shape = constant
          lora.rank = 3
          lora.alpha = 5
          lora.targets = q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj
          """;

  @Test
  void anAdapterThatIsLoadedIsTheModelThatItMergesInto() {
    Path merged = directory.resolve("lora-merged");
    try (Tuning tuning = Tuning.of(Recipe.parse(LORA, "t"), model, 64, merged)) {
      tuning.run(text, false, TrainingListener.NONE);
    }
    Path adapter = directory.resolve("lora-adapter");
    String recipe = LORA + "lora.save = adapter\n";
    try (Tuning tuning = Tuning.of(Recipe.parse(recipe, "t"), model, 64, adapter)) {
      tuning.run(text, false, TrainingListener.NONE);
    }
    assertThat(adapter.resolve("model.safetensors")).doesNotExist();
    int[] ids = IntStream.range(20, 80).toArray();
    try (Model one = Model.open(merged, 1);
        Model other = Model.open(adapter, 1);
        Model base = Model.open(model, 1)) {
      assertThat(other.config()).isEqualTo(one.config());
      assertThat(other.config().mainRope().scaling()).isInstanceOf(FrequencyPolicy.Yarn.class);
      float[] logits = Engine.logits(other, "file", ids);
      // The same sum of three products each, in another order: float32 rounding of two layers.
      assertThat(worst(logits, Engine.logits(one, "file", ids))).isLessThan(2e-5);
      assertThat(worst(logits, Engine.logits(base, "yarn:factor=2", ids))).isGreaterThan(1e-2);
    }
  }

  @Test
  void aModelWithAnAdapterCanBeTunedOnAndIsThenAWholeOne() {
    Path adapter = directory.resolve("lora-first");
    Recipe first = Recipe.parse(LORA + "lora.save = adapter\n", "t");
    try (Tuning tuning = Tuning.of(first, model, 64, adapter)) {
      tuning.run(text, false, TrainingListener.NONE);
    }
    Path on = directory.resolve("lora-on");
    try (Tuning tuning =
        Tuning.of(
            Recipe.parse("examples = trainedx2\nsteps = 1\nrate = 1e-9\n", "t"), adapter, 0, on)) {
      tuning.run(text, false, TrainingListener.NONE);
    }
    int[] ids = IntStream.range(20, 80).toArray();
    try (Model one = Model.open(adapter, 1);
        Model other = Model.open(on, 1)) {
      // One step at such a rate is nothing beside float32 rounding of two layers.
      assertThat(worst(Engine.logits(one, "file", ids), Engine.logits(other, "file", ids)))
          .isLessThan(2e-5);
    }
    assertThatThrownBy(() -> Tuning.of(first, adapter, 64, directory.resolve("never-lora")))
        .hasMessageContaining("is an adapter, which cannot be the base of another");
  }

  @Test
  void aModelTunedWithLandmarksSaysSoAndCanBeTunedFurther() {
    Path out = directory.resolve("landmarks");
    String recipe = "examples = trainedx2\nsteps = 3\nrate = 1e-3\nlandmark.block = 5\n";
    try (Tuning tuning = Tuning.of(Recipe.parse(recipe, "l"), model, 0, out)) {
      assertThat(tuning.run(text, false, TrainingListener.NONE)).hasSize(3).doesNotContain(0);
    }
    int vocab = HfConfig.read(model.resolve("config.json")).model().vocabSize();
    ModelConfig saved = HfConfig.read(out.resolve("config.json")).model();
    assertThat(saved.memory()).isEqualTo(new TrainedMemory.Landmarks(5, vocab));
    assertThat(saved.vocabSize()).isEqualTo(vocab + 1);
    Path again = directory.resolve("landmarks-again");
    try (Tuning further = Tuning.of(Recipe.parse(recipe, "l"), out, 0, again)) {
      assertThat(further.run(text, false, TrainingListener.NONE)).hasSize(3);
      assertThat(further.model().config()).isEqualTo(saved);
    }
    Recipe other = Recipe.parse(recipe.replace("block = 5", "block = 6"), "l");
    assertThatThrownBy(() -> Tuning.of(other, out, 0, directory.resolve("never")))
        .hasMessageContaining("after every 5 tokens, the recipe after every 6");
  }

  private static final String MEMORY =
      """
      memory.tokens = 3
      memory.segment = 12
      memory.vary = 4
      examples = 40x3
      steps = 4
      rate = 1e-2
      """;

  @Test
  void theEngineReadsSegmentsAsTheTrainingModelDoes() {
    for (String keep : List.of("all", "1")) {
      Path out = directory.resolve("memory-" + keep);
      int[] ids = IntStream.range(40, 93).toArray();
      try (Tuning tuning =
          Tuning.of(Recipe.parse(MEMORY + "memory.keep = " + keep, "t"), model, 0, out)) {
        tuning.run(text, false, TrainingListener.NONE);
        try (Model engine = Model.open(out, 1)) {
          assertThat(engine.findings()).isEmpty();
          float[] own = Engine.logits(engine, "memory-tokens", ids);
          // Float32 rounding of two layers, five times over.
          assertThat(worst(own, bySegments(tuning, ids, keep.equals("1") ? 1 : 9)))
              .isLessThan(1e-4);
          assertThat(worst(own, Engine.logits(engine, "none", ids))).isGreaterThan(1e-3);
        }
      }
    }
  }

  /// Every segment behind the summaries of the last `keep`, by the model under differentiation.
  private static float[] bySegments(Tuning tuning, int[] ids, int keep) {
    MemoryTokens reader =
        new MemoryTokens(
            tuning.model(),
            List.of(
                dev.farspan.context.rope.RopeTables.of(
                    new FrequencyPolicy.None(), tuning.model().config().mainRope().base(), 32)));
    int vocab = tuning.model().config().vocabSize();
    float[] out = new float[ids.length * vocab];
    try (PointerScope _ = new PointerScope()) {
      List<org.bytedeco.pytorch.Tensor> summaries = new ArrayList<>();
      for (int from = 0; from < ids.length; from += 12) {
        long[] segment = IntStream.of(ids).skip(from).limit(12).asLongStream().toArray();
        MemoryTokens.Read read =
            reader.read(
                Torch.longs(segment, 1, segment.length),
                summaries.subList(Math.max(0, summaries.size() - keep), summaries.size()),
                true);
        float[] logits = Torch.toFloats(read.logits());
        System.arraycopy(logits, 0, out, from * vocab, logits.length);
        summaries.add(read.summary());
      }
    }
    return out;
  }

  @Test
  void aModelWithMemoryTokensIsTunedOnWithThem() {
    Path first = directory.resolve("memory-first");
    try (Tuning tuning = Tuning.of(Recipe.parse(MEMORY, "t"), model, 0, first)) {
      tuning.run(text, false, TrainingListener.NONE);
    }
    for (String recipe : List.of(MEMORY, "examples = 16x2\nsteps = 2\nrate = 1e-3")) {
      Path second = directory.resolve("memory-second-" + recipe.length());
      try (Tuning tuning = Tuning.of(Recipe.parse(recipe, "t"), first, 0, second)) {
        tuning.run(text, false, TrainingListener.NONE);
      }
      try (Model engine = Model.open(second, 1)) {
        assertThat(engine.config().memory())
            .isEqualTo(new TrainedMemory.Summaries(3, 12, TrainedMemory.Summaries.ALL));
      }
    }
    Path out = directory.resolve("memory-never");
    assertThatThrownBy(
            () -> Tuning.of(Recipe.parse(MEMORY.replace("= 3", "= 5"), "t"), first, 0, out))
        .hasMessageContaining("has 3 memory tokens already");
    assertThatThrownBy(
            () -> Tuning.of(Recipe.parse(MEMORY.replace("= 12", "= 28"), "t"), model, 0, out))
        .hasMessageContaining("segments of up to 32 tokens and their 3 memory tokens are more");
    assertThat(out).doesNotExist();
  }

  @Test
  void whatCannotBeTunedIsRefused() {
    Recipe tune = Recipe.parse(TUNE, "t");
    Recipe scratch = Recipe.parse(SCRATCH, "s");
    Path out = directory.resolve("never");
    assertThatThrownBy(() -> Tuning.of(tune, model, 16, out)).hasMessageContaining("below");
    assertThatThrownBy(() -> Tuning.of(tune, model, 64, model)).hasMessageContaining("--out");
    assertThatThrownBy(() -> Tuning.of(tune, text, 64, out)).hasMessageContaining("directory");
    assertThatThrownBy(() -> Tuning.of(scratch, model, 64, out)).hasMessageContaining("nothing");
    assertThatThrownBy(() -> Tuning.fromScratch(tune, text, out)).hasMessageContaining("name one");
    Path gemma = Path.of("../runtime/src/test/resources/golden/tiny/gemma3");
    assertThatThrownBy(() -> Tuning.of(tune, gemma, 4096, out)).hasMessageContaining("stores");
    assertThat(out).doesNotExist();
  }

  private static double worst(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }
}
