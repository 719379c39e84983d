package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// SmolLM2's file names `smollm`, which transformers and llama.cpp read differently.
@Tag("model")
class PreTokenizerTest {
  private static final Path MODEL = Golden.model("smollm2-135m-instruct.q4_1.gguf");
  private static final String NOTE =
      "the pre-tokenizer smollm is read as transformers reads it; llama.cpp and the model's"
          + " tokenizer.json cut every digit off first";

  @TempDir Path directory;

  private Terminal.Outcome run(Object... words) {
    return Terminal.withStore(directory).run(words);
  }

  private Path text(String content) throws IOException {
    return Files.writeString(directory.resolve("text.txt"), content);
  }

  private int promptTokens(Path text, Object... more) {
    Object[] words = new Object[more.length + 7];
    System.arraycopy(
        new Object[] {"generate", MODEL, "--file", text, "--max-tokens", 1, "--json"},
        0,
        words,
        0,
        7);
    System.arraycopy(more, 0, words, 7, more.length);
    var outcome = run(words);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return JsonMapper.shared().readTree(outcome.out()).path("prompt_tokens").asInt();
  }

  @Test
  void infoSaysWhichIsInForceAndThatEnginesDiffer() {
    var outcome = run("info", MODEL);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("49152 ids, pre-tokenizer smollm, adds no begin of text")
        .contains(NOTE);
    outcome = run("info", MODEL, "--pre-tokenizer", "smollm-digits");
    assertThat(outcome.out()).contains("pre-tokenizer smollm-digits, ").doesNotContain(NOTE);
    var json = JsonMapper.shared().readTree(run("info", MODEL, "--json").out()).path("tokenizer");
    assertThat(json.path("pre_tokenizer").asString()).isEqualTo("smollm");
    assertThat(json.path("note").asString()).startsWith(NOTE);
  }

  @Test
  void generateReadsByTheChosenOne() throws IOException {
    Path text = text("\n\n1");
    assertThat(promptTokens(text)).isEqualTo(3);
    assertThat(promptTokens(text, "--pre-tokenizer", "smollm-digits")).isEqualTo(2);
  }

  @Test
  void theDifferenceIsSaidWhereItMayMatter() throws IOException {
    Path text = text("Steps:\n\n1. Open");
    assertThat(run("generate", MODEL, "--file", text, "--max-tokens", 1).err()).contains(NOTE);
    Object[] chosen = {
      "generate", MODEL, "--file", text, "--max-tokens", 1, "--pre-tokenizer", "smollm"
    };
    assertThat(run(chosen).err()).doesNotContain(NOTE);
    Path plain = Files.writeString(directory.resolve("plain.txt"), "Steps: 1.\n2.");
    assertThat(run("generate", MODEL, "--file", plain, "--max-tokens", 1).err())
        .doesNotContain(NOTE);
  }

  @Test
  void compareReadsByTheChosenOne() throws IOException {
    Path text = text("Steps\n\n1");
    Object[] words = {"compare", MODEL, "--file", text, "--method", "none", "--bands", "8"};
    var outcome = run(words);
    assertThat(outcome.err()).contains(NOTE);
    assertThat(outcome.out()).contains("4 tokens of text.txt");
    Object[] digits = {
      "compare", MODEL, "--file", text, "--method", "none", "--pre-tokenizer", "smollm-digits"
    };
    assertThat(run(digits).out()).contains("3 tokens of text.txt");
  }

  @Test
  void anUnknownNameIsWrongUsage() {
    for (String command : new String[] {"info", "generate", "compare"}) {
      var outcome = run(command, MODEL, "--pre-tokenizer", "martian");
      assertThat(outcome.exit()).isEqualTo(2);
      assertThat(outcome.err())
          .contains("no pre-tokenizer 'martian'; known: ")
          .contains(", smollm, smollm-digits, ")
          .hasLineCount(1);
    }
  }

  @Test
  void aModelWithItsOwnRefusesAnother() {
    Path model = Golden.withTokenizer("llama-default", directory);
    for (Object[] words :
        new Object[][] {
          {"info", model, "--pre-tokenizer", "gpt-2"},
          {"generate", model, "-p", "x", "--no-chat", "--pre-tokenizer", "gpt-2"}
        }) {
      var outcome = run(words);
      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("has its own tokenizer.json, so the pre-tokenizer 'gpt-2' cannot be chosen")
          .hasLineCount(1);
      assertThat(outcome.out()).isEmpty();
    }
  }
}
