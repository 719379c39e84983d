package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogitsTest {
  @TempDir Path directory;
  private Terminal terminal;
  private Path out;

  @BeforeEach
  void prepare() {
    terminal = Terminal.withStore(directory);
    out = directory.resolve("logits.safetensors");
  }

  /// The float32 arithmetic of transformers and ours differ by rounding: 2e-4 is the tolerance the
  /// reference logits are made for.
  @ParameterizedTest
  @ValueSource(strings = {"llama-default", "llama-dynamic-beyond", "gemma3"})
  void logitsAreThoseOfTransformers(String name) {
    Path expected = Golden.tiny(name).resolve("expected.safetensors");
    var outcome = terminal.run("verify", Golden.tiny(name), "--expected", expected);
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("passed: max |difference| ").contains("mean ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64})
  void whatLogitsWritesVerifyReads(int chunk) throws IOException {
    Path ids = Files.writeString(directory.resolve("ids.json"), "[1, 5, 9,\n 200, 256]");
    var written =
        terminal.run(
            "logits",
            Golden.tiny("llama-default"),
            "--ids-file",
            ids,
            "--chunk",
            chunk,
            "--out",
            out);
    assertThat(written.exit()).as(written.err()).isZero();
    try (SafetensorsFile file = SafetensorsFile.open(out)) {
      assertThat(file.tensors().get("logits").shape()).isEqualTo(Shape.of(5, 257));
      assertThat(file.tensors().get("input_ids").shape()).isEqualTo(Shape.of(5));
    }
    var outcome = terminal.run("verify", Golden.tiny("llama-default"), "--expected", out);
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out()).contains("argmax agrees at 5 of 5 positions");
  }

  @Test
  void aDifferenceBeyondTheToleranceFails() {
    Path expected = Golden.tiny("llama-default").resolve("expected.safetensors");
    var outcome =
        terminal.run(
            "verify",
            Golden.tiny("llama-default"),
            "--expected",
            expected,
            "--method",
            "linear:factor=2",
            "--json");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.out()).contains("\"passed\" : false").contains("\"positions\" : 64");
  }

  @Test
  void anExpectedNanFails() throws IOException {
    float[] row = new float[2];
    Tensor expected = Tensor.ofFloats("logits", Shape.of(1, 2), Float.NaN, 1);
    Agreement agreement = new Agreement(expected);
    agreement.add(0, row, 0);
    assertThat(agreement.largest()).isNaN();
  }

  @Test
  void anEmptyListOfIdsIsRefused() {
    failure("--ids holds no token ids: give at least one", "--ids", " , ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,x", "1.5", "-1", "99999999999"})
  void whatIsNoIdIsNamed(String ids) {
    failure("where a token id is expected", "--ids=" + ids);
  }

  @Test
  void anIdOutsideTheVocabularyIsRefusedAndLeavesNoFile() {
    failure("token id 257 is not in the vocabulary of 257", "--ids", "1,257");
    assertThat(out).doesNotExist();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aMissingFileOfIdsIsNamed() {
    failure("there is no file missing.txt: check the name", "--ids-file", "missing.txt");
  }

  @Test
  void aMissingDirectoryForTheResultIsNamed() {
    var outcome =
        terminal.run(
            "logits",
            Golden.tiny("llama-default"),
            "--ids",
            "1",
            "--out",
            directory.resolve("none/x.safetensors"));
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("none").hasLineCount(1);
  }

  private void failure(String sentence, Object... ids) {
    var words = new ArrayList<Object>(List.of("logits", Golden.tiny("llama-default")));
    words.addAll(List.of(ids));
    words.addAll(List.of("--out", out));
    var outcome = terminal.run(words.toArray());
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains(sentence).hasLineCount(1);
  }

  @Test
  void withoutIdsTheUsageIsWrong() {
    var outcome = terminal.run("logits", Golden.tiny("llama-default"), "--out", out);
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("--ids").hasLineCount(1);
  }

  @Test
  void anUnknownMethodOrParameterIsWrongUsage() {
    for (String method : List.of("magic", "yarn:factor=2,size=3", "yarn")) {
      var outcome =
          terminal.run(
              "logits",
              Golden.tiny("llama-default"),
              "--ids",
              "1",
              "--method",
              method,
              "--out",
              out);
      assertThat(outcome.exit()).isEqualTo(2);
      assertThat(outcome.err())
          .startsWith("farspan: Invalid value for option '--method'")
          .hasLineCount(1);
    }
  }

  @Test
  void expectedLogitsOfAnotherVocabularyAreRefused() {
    SafetensorsWriter.write(
        out, List.of(Tensor.ofFloats("logits", Shape.of(1, 2), 0, 1)), Map.of());
    var outcome = terminal.run("verify", Golden.tiny("llama-default"), "--expected", out);
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("needs a tensor 'input_ids' of rank 1").hasLineCount(1);
  }
}
