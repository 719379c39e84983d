package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.gguf.GgufFile;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Exports are read by Farspan's own engine and compared with the model they were made of, the
/// method given by hand.
class ExportCommandTest {
  /// Tokens beyond the trained length of the tiny models, which is 64.
  private static final String IDS =
      IntStream.range(0, 100)
          .mapToObj(i -> "" + (i * 37 + 11) % 257)
          .collect(Collectors.joining(","));

  /// Pairs of queries and keys stand in another order, so their products are added in another;
  /// float32 rounding over three layers with logits of about 1.
  private static final float REORDERED = 2e-5f;

  @TempDir Path directory;
  private Terminal terminal;

  @BeforeEach
  void prepare() {
    terminal = Terminal.withStore(directory);
  }

  private Path export(Object model, String format, String out, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("export", model, "--format", format, "--out", path(out)));
    words.addAll(List.of(more));
    var outcome = terminal.run(words.toArray());
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEqualTo(path(out) + System.lineSeparator());
    return path(out);
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private float[] logits(Path model, String method) {
    Path out = path("logits.safetensors");
    var outcome =
        terminal.run("logits", model, "--ids", IDS, "--method", method, "--out", out, "-t", 1);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    try (SafetensorsFile file = SafetensorsFile.open(out)) {
      return file.tensor("logits").toFloats();
    }
  }

  private static float difference(float[] a, float[] b) {
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static void sameTensors(Path a, Path b) {
    try (Checkpoint first = Checkpoint.open(a);
        Checkpoint second = Checkpoint.open(b)) {
      assertThat(second.tensors().keySet()).isEqualTo(first.tensors().keySet());
      for (Tensor tensor : first.tensors().values()) {
        Tensor other = second.tensors().get(tensor.name());
        assertThat(other.dtype()).isEqualTo(tensor.dtype());
        assertThat(other.data().mismatch(tensor.data())).as(tensor.name()).isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear:factor=4", "ntk:factor=4", "yarn:factor=4", "llama3:factor=4"})
  void aDirectoryCarriesTheMethod(String method) {
    Path source = Golden.tiny("llama-default");
    for (String form : List.of("old", "v5")) {
      Path out = export(source, "hf", form, "--method", method, "--config-form", form);
      assertThat(logits(out, "file")).containsExactly(logits(source, method));
      sameTensors(source, out);
    }
  }

  @Test
  void theCardSaysWhatVllmMakesOfALinearScaling() throws IOException {
    Path out = export(Golden.tiny("llama-default"), "hf", "linear", "--method", "linear:factor=4");
    assertThat(Files.readString(out.resolve("README.md")))
        .contains("vllm serve ./linear --max-model-len 256", "room for 1,024 tokens")
        .contains("pip install \"transformers>=4.57\"");
  }

  @Test
  void aTableThatGrowsIsNotRecommendedToVllm() throws IOException {
    var outcome =
        terminal.run(
            "export",
            Golden.tiny("llama-default"),
            "--format",
            "hf",
            "--method",
            "dynamic-ntk:whole=true,stages=exact",
            "--out",
            path("grows"));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("run them with transformers");
    assertThat(Files.readString(path("grows").resolve("README.md")))
        .contains("run them with transformers")
        .doesNotContain("vllm serve");
  }

  @Test
  void theLengthAndTheCardSayWhatWasDone() throws IOException {
    Path source = Golden.withTokenizer("llama-default", directory);
    Path out = export(source, "hf", "longer", "--method", "yarn:factor=4");
    try (Checkpoint checkpoint = Checkpoint.open(out)) {
      assertThat(checkpoint.config().maxLength()).isEqualTo(256);
      assertThat(checkpoint.config().trainedLength()).isEqualTo(64);
      assertThat(checkpoint.findings()).isEmpty();
    }
    assertThat(Files.readString(out.resolve("README.md")))
        .contains("YaRN by 4", "arxiv.org/abs/2309.00071", "64 tokens", "256 tokens")
        .contains("vllm serve ./longer --max-model-len 256");
    assertThat(out.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(source.resolve("tokenizer.json"));
  }

  @ParameterizedTest
  @CsvSource({
    "llama-default, yarn:factor=4",
    "llama-bias, file",
    "llama-tied, linear:factor=4",
    "llama-yarn, file",
    "llama-yarn-mscale, file",
    "llama-linear, file",
    "llama-llama3, file",
    "llama-longrope-long, file",
    "qwen2, yarn:factor=2",
    "qwen3, ntk:factor=4",
    "gemma2, linear:factor=4",
    "gemma3, file",
    "gemma3, yarn:factor=4",
    "granite, llama3:factor=4",
    "olmo2, yarn:factor=4",
    "smollm3-nope, base:theta=1e6",
    "phi3-longrope, file",
    "phi3-partial, yarn:factor=4"
  })
  void aModelGoesToGgufAndBack(String name, String method) {
    Path source = name.equals("gemma2") ? tied(name) : Golden.tiny(name);
    Object[] more = method.startsWith("base") ? new Object[] {"--context", 128} : new Object[0];
    Object[] words = Arrays.copyOf(new Object[] {"--method", method}, 2 + more.length);
    System.arraycopy(more, 0, words, 2, more.length);
    Path gguf = export(source, "gguf", name + ".gguf", words);
    float[] wanted = logits(source, method);
    assertThat(difference(wanted, logits(gguf, "file"))).isLessThanOrEqualTo(REORDERED);
    Path back = export(gguf, "hf", "back");
    assertThat(difference(wanted, logits(back, "file"))).isLessThanOrEqualTo(REORDERED);
    if (!name.startsWith("gemma")) { // 1 is added to its gains and taken off again, with rounding
      sameTensors(source, back);
    }
  }

  /// A copy whose output is its embedding, as published Gemma 2 models have it.
  private Path tied(String name) {
    Path source = Golden.copy(name, directory);
    try (SafetensorsFile file = SafetensorsFile.open(Golden.tiny(name))) {
      List<Tensor> tensors = new ArrayList<>(file.tensors().values());
      tensors.removeIf(tensor -> tensor.name().equals("lm_head.weight"));
      SafetensorsWriter.write(source.resolve("model.safetensors"), tensors, Map.of());
      Path config = source.resolve("config.json");
      Files.writeString(
          config,
          Files.readString(config)
              .replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return source;
  }

  @Test
  void ggufWithOtherKeysKeepsItsTensorsBitForBit() {
    Path gguf = export(Golden.tiny("llama-default"), "gguf", "a.gguf", "--type", "q8_0");
    Path longer = export(gguf, "gguf", "b.gguf", "--method", "yarn:factor=4");
    sameTensors(gguf, longer);
    assertThat(logits(longer, "file")).containsExactly(logits(gguf, "yarn:factor=4"));
    try (GgufFile file = GgufFile.open(longer)) {
      assertThat(file.metadata().integer("llama.context_length")).isEqualTo(256);
      assertThat(file.metadata().integer("llama.rope.scaling.original_context_length"))
          .isEqualTo(64);
    }
  }

  @Test
  void aFileThatIsCopiedIsTheSame() throws IOException {
    Path gguf = export(Golden.tiny("llama-llama3"), "gguf", "a.gguf");
    Path copy = export(gguf, "gguf", "b.gguf");
    assertThat(copy).hasSameBinaryContentAs(gguf);
    assertThat(Files.readString(path("b.md"))).contains("llama-server -m b.gguf -c 512");
  }

  /// The tables that the file scales by go when another method comes.
  @Test
  void anotherMethodTakesThePlaceOfTheOldOne() {
    Path gguf = export(Golden.tiny("llama-llama3"), "gguf", "a.gguf");
    Path yarn = export(gguf, "gguf", "b.gguf", "--method", "yarn:factor=4");
    try (GgufFile file = GgufFile.open(yarn)) {
      assertThat(file.infos()).doesNotContainKey("rope_freqs.weight");
    }
    assertThat(logits(yarn, "file")).containsExactly(logits(gguf, "yarn:factor=4"));
  }

  /// Bounds: half a step of the type over the largest weight of its block. bf16 and f16 have 8 and
  /// 11 bits; q8_0 has 127 steps to either side, q4_1 15 over the whole range, which may be twice
  /// the largest weight, q4_0 8 to one side and 7 to the other, so that a step may be cut off.
  /// Scales are rounded to 11 bits on top.
  @ParameterizedTest
  @CsvSource({"bf16, 0.00391", "f16, 0.000489", "q8_0, 0.0045", "q4_1, 0.068", "q4_0, 0.1255"})
  void smallerTypesStayNear(String type, float bound) {
    Path source = Golden.tiny("llama-default");
    Path exact = export(source, "gguf", "exact.gguf");
    Path small = export(source, "gguf", "small.gguf", "--type", type);
    assertThat(relativeError(exact, small)).isPositive().isLessThanOrEqualTo(bound);
    assertThat(logits(small, "file")).doesNotContain(Float.NaN);
    try (GgufFile file = GgufFile.open(small)) {
      assertThat(file.tensor("blk.0.ffn_up.weight").dtype().name()).isEqualToIgnoringCase(type);
      assertThat(file.tensor("blk.0.attn_norm.weight").dtype()).isEqualTo(DType.F32);
    }
  }

  /// Largest difference of two weights over the largest one among the 32 around it.
  private static float relativeError(Path exact, Path rounded) {
    float largest = 0;
    try (Checkpoint first = Checkpoint.open(exact);
        Checkpoint second = Checkpoint.open(rounded)) {
      for (Tensor tensor : first.tensors().values()) {
        float[] a = tensor.toFloats();
        float[] b = second.tensors().get(tensor.name()).toFloats();
        for (int block = 0; block < a.length; block += 32) {
          float scale = 0;
          float error = 0;
          for (int i = block; i < Math.min(a.length, block + 32); i++) {
            scale = Math.max(scale, Math.abs(a[i]));
            error = Math.max(error, Math.abs(a[i] - b[i]));
          }
          largest = Math.max(largest, scale == 0 ? error : error / scale);
        }
      }
    }
    return largest;
  }

  @Test
  void theOutputKeepsEightBitsWhereTheRestGetsFour() {
    Path gguf = export(Golden.tiny("llama-tied"), "gguf", "small.gguf", "--type", "q4_0");
    try (GgufFile file = GgufFile.open(gguf)) {
      assertThat(file.tensor("token_embd.weight").dtype()).isEqualTo(DType.Q8_0);
    }
  }

  @Test
  void quantisedWeightsBecomeFloatsOfSixteenBits() {
    Path gguf = export(Golden.tiny("qwen3"), "gguf", "small.gguf", "--type", "q8_0");
    Path back = export(gguf, "hf", "back");
    Path exact = export(gguf, "hf", "exact", "--type", "f32");
    assertThat(logits(exact, "file")).containsExactly(logits(gguf, "file"));
    assertThat(relativeError(exact, back)).isPositive().isLessThan(0.000489f); // as f16 above
  }

  /// Real vocabulary, real text: the same words in and out of each format.
  @Test
  void theTokenizerGoesAlong() {
    Path tiny = Path.of("../models/farspan-tiny");
    Path gguf = export(tiny, "gguf", "tiny.gguf", "--method", "yarn:factor=2");
    Path back = export(gguf, "hf", "back");
    String text = "In the beginning God created 3,500 heavens & the earth";
    String wanted = generated(tiny, text, "--method", "yarn:factor=2");
    assertThat(generated(gguf, text)).isEqualTo(wanted).isNotBlank();
    assertThat(generated(back, text)).isEqualTo(wanted);
  }

  private String generated(Path model, String text, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("generate", model, "-p", text, "--max-tokens", 20, "--temperature", 0, "-q"));
    words.addAll(List.of(more));
    var outcome = terminal.run(words.toArray());
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome.out();
  }

  @Test
  void aMethodThatNoFormatHasIsNotedOnRequest() {
    Path source = Golden.tiny("llama-default");
    String method = "yarn:factor=4+streaming:window=60";
    for (String format : List.of("hf", "gguf")) {
      String name = format.equals("gguf") ? "noted.gguf" : "noted";
      var outcome =
          terminal.run(
              "export",
              source,
              "--format",
              format,
              "--method",
              method,
              "--note",
              "--out",
              path(name));
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.err()).contains("other engines compute the model without it");
      var info = terminal.run("info", path(name));
      assertThat(info.out() + info.err()).contains(method);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama-default | hf | --method auto | it chooses by the length of the prompt",
        "llama-default | gguf | --method dynamic-yarn | its table grows with the text",
        "llama-dynamic-within | gguf | --method file | its tables do not grow",
        "llama-default | hf | --method streaming:window=60 | no format has words for an attention",
        "llama-default | gguf | --method self-extend:group=4,window=32 | no format has words",
        "qwen2 | gguf | --method llama3:factor=4 | llama, granite and phi3 only",
        "gemma3 | gguf | --method yarn:factor=4,attention_factor=1 | sliding layers as well",
        "gemma2 | gguf | --method file | takes the embedding for the output",
        "mistral-window | gguf | --method file | has no sliding window",
        "mixtral | gguf | --method file | exported in their own format only",
        "gpt-neox-partial | gguf | --method file | exported in their own format only",
        "llama-default | hf | --type q8_0 | a Hugging Face directory has no blocks",
        "llama-default | hf | --method base:theta=1e6 | give the length with --context",
        "llama-default | gguf | --method yarn:factor=4 --context 1k | more than yarn:factor=4 reaches",
        "llama-default | hf | --method none --context 65 | more than none reaches",
        "llama-default | hf | --evaluation none | there is no evaluation in none"
      })
  void whatCannotBeIsRefusedAndLeavesNothing(
      String model, String format, String options, String sentence) throws IOException {
    Path out = path(format.equals("gguf") ? "out.gguf" : "out");
    List<Object> words =
        new ArrayList<>(List.of("export", Golden.tiny(model), "--format", format, "--out", out));
    words.addAll(List.of(options.split(" ", -1)));
    terminal.run(words.toArray()).hasFailed(1, sentence);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatHasNoEffectIsSaid() {
    Path source = Golden.tiny("llama-default");
    terminal
        .run("export", source, "--format", "gguf", "--config-form", "old", "--out", path("a.gguf"))
        .hasFailed(2, "--config-form has no effect on a GGUF file");
    terminal
        .run("export", source, "--format", "gguf", "--context", 0, "--out", path("a.gguf"))
        .hasFailed(2, "'--context': must be at least 1, got 0");
    assertThat(directory).isEmptyDirectory();
    var noted =
        terminal.run("export", source, "--format", "gguf", "--note", "--out", path("a.gguf"));
    assertThat(noted.exit()).as(noted.err()).isZero();
    assertThat(noted.err()).contains("the format expresses 'file', so that nothing is left");
  }

  @Test
  void anExtensionDoesNotClaimLessThanTheTrainedLength() {
    Path source = Golden.tiny("llama-default");
    Object[] words = {"export", source, "--format", "hf", "--out", path("b"), "--context", 10};
    Object[] extended = Arrays.copyOf(words, words.length + 2);
    extended[words.length] = "--method";
    extended[words.length + 1] = "yarn:factor=4";
    terminal
        .run(extended)
        .hasFailed(1, "a context of 10 tokens is less than the 64 that the model was trained for");
    assertThat(directory).isEmptyDirectory();
    // Without a scaling a smaller claim is as true.
    assertThat(terminal.run(words).exit()).isZero();
  }

  @Test
  void aDestinationThatIsThereIsLeftAlone() throws IOException {
    Path source = Golden.tiny("llama-default");
    Path card = Files.writeString(path("a.md"), "mine");
    terminal
        .run("export", source, "--format", "gguf", "--out", path("a.gguf"))
        .hasFailed(1, "a.md is there already");
    terminal
        .run("export", source, "--format", "hf", "--out", directory)
        .hasFailed(1, "is there already");
    terminal
        .run("export", source, "--format", "gguf", "--out", path("b"))
        .hasFailed(1, "ends with .gguf");
    assertThat(card).hasContent("mine");
    assertThat(directory).isDirectoryNotContaining(file -> !file.equals(card));
  }

  /// Found only while the tensors are written: nothing is left behind all the same.
  @Test
  void aWeightThatDoesNotFitItsTypeLeavesNothing() throws IOException {
    Path source = Golden.copy("llama-default", directory);
    try (SafetensorsFile file = SafetensorsFile.open(Golden.tiny("llama-default"))) {
      List<Tensor> tensors = new ArrayList<>(file.tensors().values());
      Tensor last = tensors.removeLast();
      float[] values = last.toFloats();
      values[0] = 1e6f;
      tensors.add(Tensor.ofFloats(last.name(), last.shape(), values));
      SafetensorsWriter.write(source.resolve("model.safetensors"), tensors, Map.of());
    }
    terminal
        .run("export", source, "--format", "hf", "--type", "f16", "--out", path("out"))
        .hasFailed(1, "can't be stored as F16");
    assertThat(directory).isDirectoryNotContaining(file -> !file.equals(source));
  }
}
