package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.ModelOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The engines that exports are made for compute what Farspan computes (docs/results.md has the
/// figures).
@Tag("long")
class ExportPeersTest {
  /// Float32 rounding of a few layers with logits of about 1, as for the reference logits.
  private static final double ROUNDING = 2e-4;

  /// ggml looks GELU up in a table of 16-bit floats: 2^-12 of a value, over the six layers of a
  /// model whose logits are about 1. Without any method the difference is the same.
  private static final double GELU_TABLE = 5e-3;

  private static final Path SCRIPTS = Path.of("../scripts");
  private static Path python = Path.of("");

  @TempDir Path directory;
  private Terminal terminal;
  private Path ids;

  /// Installs what is missing; the last line is the interpreter.
  @BeforeAll
  static void install() throws Exception {
    python = Path.of(run(List.of(SCRIPTS.resolve("get-peers.sh").toString())).strip());
  }

  @BeforeEach
  void prepare() throws IOException {
    terminal = Terminal.withStore(directory);
    List<Integer> tokens = IntStream.range(0, 100).mapToObj(i -> (i * 37 + 11) % 257).toList();
    ids = Files.writeString(directory.resolve("ids.json"), tokens.toString());
  }

  private static String run(List<String> words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(words.toString()).isZero();
    return out;
  }

  private static String script(String name, Object... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(python.toString());
    command.add(SCRIPTS.resolve("peers").resolve(name).toString());
    Arrays.stream(words).map(Object::toString).forEach(command::add);
    return run(command);
  }

  private Path export(Path source, String name, Object... options) {
    Path out = directory.resolve(name);
    List<Object> words =
        new ArrayList<>(
            List.of(
                "export", source, "--format", name.endsWith("gguf") ? "gguf" : "hf", "--out", out));
    words.addAll(List.of(options));
    var exported = terminal.run(words.toArray());
    assertThat(exported.exit()).as(exported.err()).isZero();
    return out;
  }

  private void agrees(String engine, Path model, double tolerance) throws Exception {
    Path logits = directory.resolve("logits.safetensors");
    script("logits.py", engine, model, ids, logits);
    var verified =
        terminal.run("verify", model, "--expected", logits, "--tolerance", tolerance, "--json");
    assertThat(verified.exit()).as(engine + verified.out() + verified.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama-default | yarn:factor=4",
        "llama-default | yarn:factor=4,attention_factor=1.3",
        "llama-default | yarn:factor=4,beta_fast=16,beta_slow=2",
        "llama-default | ntk-by-parts:factor=4",
        "llama-bias | linear:factor=4",
        "llama-tied | ntk:factor=4",
        "llama-yarn-mscale | file",
        "llama-llama3 | file",
        "llama-longrope-long | file",
        "qwen2 | yarn:factor=4",
        "qwen3 | linear:factor=4",
        "gemma3 | yarn:factor=4",
        "granite | llama3:factor=4",
        "olmo2 | yarn:factor=4",
        "smollm3-nope | ntk:factor=4",
        "phi3-longrope | file"
      })
  void everyFamilyAgreesWithBothEngines(String name, String method) throws Exception {
    Path gguf = export(Golden.tiny(name), "model.gguf", "--method", method);
    agrees("llama.cpp", gguf, name.startsWith("gemma") ? GELU_TABLE : ROUNDING);
    Path direct = export(Golden.tiny(name), "direct", "--method", method);
    agrees("transformers", direct, ROUNDING);
    Path around = export(gguf, "around", "--config-form", "old");
    agrees("transformers", around, ROUNDING);
  }

  @Test
  void methodsThatOnlyTransformersHasAgree() throws Exception {
    Path model =
        export(
            Golden.tiny("llama-default"),
            "dynamic",
            "--method",
            "dynamic-ntk:factor=2,whole=true,stages=exact");
    agrees("transformers", model, ROUNDING);
  }

  /// An adapter that `tune` wrote, on its base under YaRN: four layers, logits of about 10.
  @Test
  void peftReadsAnAdapterOfOurs() throws Exception {
    agrees("peft", Path.of("../models/farspan-tiny-long"), 1e-4);
  }

  /// 30 layers, logits of about 10.
  @Test
  void aRealModelWithYarnAgreesWithBothEngines() throws Exception {
    Path source = Golden.model("smollm2-135m-instruct.q4_1.gguf");
    Object[] options = {"--method", "yarn:factor=4", "--type", "f32"};
    agrees("llama.cpp", export(source, "smollm2.gguf", options), 5e-4);
    agrees("transformers", export(source, "smollm2", options), 5e-4);
  }

  /// Byte-level BPE and SentencePiece, from GGUF to tokenizer.json and back.
  @ParameterizedTest
  @CsvSource({"smollm2-135m-instruct.q4_1.gguf", "gemma3-270m.q4_k_m.gguf"})
  void aRealTokenizerGivesTheSameTokensEverywhere(String name) throws Exception {
    Path source = Golden.model(name);
    String text =
        "In the beginning, 1234 tokens\n\n  indented   (x == 42) { na\u00efve \u4f60\u597d \ud83d\ude00 }\tend ";
    Path file = Files.writeString(directory.resolve("text.txt"), text);
    Path back = export(source, "back");
    Path again = export(back, "again.gguf");
    String wanted;
    try (Model model = Model.open(source, new ModelOptions(1, Optional.empty()))) {
      wanted = Arrays.toString(model.tokenizer().encode(text, false));
    }
    assertThat(script("tokens.py", "transformers", back, file).strip()).isEqualTo(wanted);
    assertThat(script("tokens.py", "llama.cpp", again, file).strip()).isEqualTo(wanted);
  }

  /// The same bytes as `llama-quantize` writes, of a real model's weights.
  @ParameterizedTest
  @CsvSource({"q8_0", "q4_0", "q4_1", "f16", "bf16"})
  void blocksAreThoseOfGgml(String type) throws Exception {
    Path source = Path.of("../models/farspan-tiny");
    Path exact = export(source, "exact.gguf", "--type", "f32");
    Path small = export(source, "small.gguf", "--type", type);
    assertThat(script("blocks.py", exact, small)).contains("bytes equal");
  }
}
