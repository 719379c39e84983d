package dev.farspan.training.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.export.Export;
import dev.farspan.export.ExportOptions;
import dev.farspan.export.HfForm;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.weights.Weights;
import dev.farspan.tensor.DType;
import dev.farspan.training.Engine;
import dev.farspan.training.model.Torch;
import dev.farspan.training.model.TorchModel;
import dev.farspan.training.run.TrainingListener;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// GGUF files that are tuned.
class GgufTuningTest {
  private static final Path TINY = Path.of("../runtime/src/test/resources/golden/tiny");
  private static final Path SHIPPED = Path.of("../models/farspan-tiny");

  @TempDir Path directory;

  @BeforeAll
  static void oneThread() {
    Torch.threads(1);
  }

  private Path gguf(Path model, DType type) {
    ExportOptions options =
        new ExportOptions(
            new ExportOptions.Format.Gguf(),
            MethodSpec.parse("file"),
            ExportOptions.REACH,
            Optional.of(type),
            ExportOptions.Inexpressible.REFUSED,
            Optional.empty());
    Path out = directory.resolve("model.gguf");
    try (Export export = Export.of(model, options, out)) {
      export.run(_ -> {});
    }
    return out;
  }

  private static float[] logits(TorchModel model, long[] ids) {
    List<RopeTable> tables =
        model.config().ropes().stream()
            .map(rope -> RopeTables.of(rope.scaling(), rope.base(), ids.length))
            .toList();
    try (PointerScope _ = new PointerScope()) {
      return Torch.toFloats(
          model.logits(
              Torch.longs(ids, 1, ids.length),
              tables,
              new int[][] {IntStream.range(0, ids.length).toArray()}));
    }
  }

  private static double worst(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    return IntStream.range(0, wanted.length)
        .mapToDouble(i -> Math.abs(found[i] - wanted[i]))
        .max()
        .orElseThrow();
  }

  /// Llama's file has the pairs of its heads in another order, and Qwen's in the same.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-default",
        "llama-bias",
        "llama-tied",
        "llama-linear",
        "llama-llama3",
        "llama-yarn",
        "qwen2",
        "qwen3",
        "olmo2",
        "smollm3-nope",
        "granite"
      })
  void aFileHasTheLogitsAndTheFormOfTheDirectoryItWasMadeFrom(String name) throws IOException {
    Path model = gguf(TINY.resolve(name), DType.F32);
    try (Checkpoint checkpoint = Checkpoint.open(model);
        SafetensorsFile expected =
            SafetensorsFile.open(TINY.resolve(name).resolve("expected.safetensors"))) {
      Weights weights = Weights.of(checkpoint);
      try (TorchModel trained = TorchModel.of(checkpoint.config(), weights, ScalarType.Float)) {
        long[] ids = expected.tensor("input_ids").data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
        // Float32 rounding of a few layers with logits of about 1, as for the directory itself.
        assertThat(worst(logits(trained, ids), expected.tensor("logits").toFloats()))
            .isLessThan(1e-4);
        Origin origin = new Origin.Gguf(HfForm.of(model, DType.F32));
        origin.requireSameTensors(trained.parameters());
        try (Checkpoint source = Checkpoint.open(TINY.resolve(name))) {
          // The parameters are the directory's own, so that they can be written under its names.
          new Origin.HuggingFace(List.of(TINY.resolve(name)), source.tensors())
              .requireSameTensors(trained.parameters());
          trained
              .parameters()
              .all()
              .forEach(
                  (tensor, values) ->
                      assertThat(Torch.toFloats(values))
                          .as(tensor)
                          .isEqualTo(source.tensors().get(tensor).toFloats()));
        }
        origin.copy(directory.resolve("form"));
        TorchModel read =
            TorchModel.of(
                HfConfig.read(directory.resolve("form").resolve(HfConfig.FILE)).model(),
                trained.parameters(),
                ScalarType.Float);
        assertThat(worst(logits(read, ids), expected.tensor("logits").toFloats())).isLessThan(1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma3", "phi3-partial"})
  void familiesThatStoreOtherValuesThanTheyComputeWithAreRefused(String name) {
    Path model = gguf(TINY.resolve(name), DType.F32);
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      Weights weights = Weights.of(checkpoint);
      try (TorchModel trained = TorchModel.of(checkpoint.config(), weights, ScalarType.Float)) {
        Origin origin = new Origin.Gguf(HfForm.of(model, DType.F32));
        assertThatThrownBy(() -> origin.requireSameTensors(trained.parameters()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("in a way that a tuned model cannot be written in");
      }
    }
  }

  @Test
  void aQuantisedFileIsTunedIntoADirectoryThatTheEngineRuns() throws IOException {
    Path model = gguf(SHIPPED, DType.Q8_0);
    Path text = directory.resolve("t.txt");
    Files.writeString(text, "And it came to pass in those days. ".repeat(400));
    Path out = directory.resolve("tuned");
    String recipe =
        "extension = linear\nexamples = 64x1\nsteps = 2\nrate = 1e-3\nsave = bf16\n"
            + "lora.rank = 2\nlora.alpha = 4\nlora.targets = q_proj, v_proj\n";
    assertThatThrownBy(
            () -> Tuning.of(Recipe.parse(recipe + "lora.save = adapter\n", "t"), model, 512, out))
        .hasMessageContaining("is a GGUF file, which cannot be the base of an adapter");
    assertThat(out).doesNotExist();
    int[] ids = IntStream.range(40, 72).toArray();
    float[] trained;
    try (Tuning tuning = Tuning.of(Recipe.parse(recipe, "t"), model, 512, out)) {
      try (Model engine = Model.open(model, 1)) {
        // Float32 rounding: both compute with the values that the blocks of 8 bits stand for.
        assertThat(
                worst(
                    logits(tuning.model(), IntStream.of(ids).asLongStream().toArray()),
                    Engine.logits(engine, "none", ids)))
            .isLessThan(1e-4);
      }
      tuning.run(text, false, TrainingListener.NONE);
    }
    assertThat(Files.readString(out.resolve("config.json"))).contains("bfloat16");
    try (Model before = Model.open(model, 1);
        Model after = Model.open(out, 1)) {
      assertThat(after.config().maxLength()).isEqualTo(512);
      String sentence = "In the beginning 12 men said: “It's so.”\n";
      assertThat(after.tokenizer().encode(sentence, true))
          .isEqualTo(before.tokenizer().encode(sentence, true));
      trained = Engine.logits(after, "none", ids);
    }
    assertThat(trained).doesNotContain(Float.NaN);
  }

  @Test
  void smolLm2HasTheEnginesLogits() {
    Path model = smollm2();
    int[] ids = {504, 3575, 282, 4649, 314, 7042, 30, 198};
    float[] wanted;
    try (Model engine = Model.open(model, 2)) {
      wanted = Engine.logits(engine, "none", ids);
    }
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      Weights weights = Weights.of(checkpoint);
      try (TorchModel trained = TorchModel.of(checkpoint.config(), weights, ScalarType.Float)) {
        double worst = worst(logits(trained, IntStream.of(ids).asLongStream().toArray()), wanted);
        // Thirty layers of float32 rounding, with logits of about 20.
        assertThat(worst).isLessThan(1e-3);
      }
    }
  }

  private static Path smollm2() {
    String given = System.getenv("FARSPAN_MODELS");
    Path file =
        Path.of(given == null ? "../models" : given).resolve("smollm2-135m-instruct.q4_1.gguf");
    if (!Files.exists(file)) {
      throw new IllegalStateException(file + " is missing; ./verify fetches it");
    }
    return file;
  }
}
