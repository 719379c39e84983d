package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The model was trained for 64 tokens; a token is a byte.
class GenerateTest {
  @TempDir Path directory;
  private Terminal terminal;
  private Path model;

  @BeforeEach
  void prepare() {
    terminal = Terminal.withStore(directory);
    model = Golden.withTokenizer("llama-default", directory);
  }

  private JsonNode json(Object... words) {
    var outcome = terminal.run(words);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return JsonMapper.shared().readTree(outcome.out());
  }

  private void fails(int exit, String sentence, Object... words) {
    var outcome = terminal.run(words);
    outcome.hasFailed(exit, sentence);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void textGoesToStandardOutputAndTheRestToStandardError() {
    var outcome =
        terminal.run("generate", "llama-default", "-p", "Hello", "--no-chat", "--max-tokens", 8);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isNotEmpty().endsWith("\n");
    assertThat(outcome.err())
        .contains("farspan: auto chose dynamic-yarn for 13 tokens\n")
        .containsPattern(
            "farspan: read 5 tokens in .* m?s \\(.* tokens/s\\), wrote 8 in .* m?s \\(.* tokens/s\\);"
                + " cache .* f16; method dynamic-yarn; ended by --max-tokens\n");
  }

  @Test
  void theTextIsTheSameAsInJson() {
    Object[] words = {"generate", model, "-p", "Hello", "--no-chat", "--max-tokens", 8};
    Object[] withJson = {
      "generate", model, "-p", "Hello", "--no-chat", "--max-tokens", 8, "--json"
    };
    JsonNode json = json(withJson);
    assertThat(terminal.run(words).out().stripTrailing())
        .isEqualTo(json.path("text").asString().stripTrailing());
    assertThat(json.path("prompt_tokens").asInt()).isEqualTo(5);
    assertThat(json.path("generated_tokens").asInt()).isEqualTo(8);
    assertThat(json.path("finish").asString()).isEqualTo("max_tokens");
    assertThat(json.path("method").asString()).isEqualTo("dynamic-yarn");
  }

  @Test
  void aPromptIsPutAsAMessageAndAFileIsContinued() throws IOException {
    Path file = Files.writeString(directory.resolve("text.txt"), "Hello");
    // "user: Hello\n" and "assistant:"
    assertThat(promptTokens("-p", "Hello")).isEqualTo(22);
    assertThat(promptTokens("--file", file)).isEqualTo(5);
    assertThat(promptTokens("-p", "Hello", "--no-chat")).isEqualTo(5);
    assertThat(promptTokens("--file", file, "--chat")).isEqualTo(22);
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() throws IOException {
    Path file = Files.writeString(directory.resolve("bom.txt"), "\uFEFFHello");
    assertThat(promptTokens("--file", file)).isEqualTo(5);
  }

  private int promptTokens(Object... prompt) {
    Object[] words = new Object[prompt.length + 5];
    System.arraycopy(new Object[] {"generate", model, "--max-tokens", 1, "--json"}, 0, words, 0, 5);
    System.arraycopy(prompt, 0, words, 5, prompt.length);
    return json(words).path("prompt_tokens").asInt();
  }

  @Test
  void aLongPromptIsExtendedByAuto() throws IOException {
    Path file = Files.writeString(directory.resolve("long.txt"), "x".repeat(150));
    JsonNode json = json("generate", model, "--file", file, "--max-tokens", 4, "--json");
    assertThat(json.path("method").asString()).isEqualTo("dynamic-yarn");
    assertThat(json.path("notes").toString()).contains("auto chose dynamic-yarn for 154 tokens");
  }

  @Test
  void aPromptOverTheLimitIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("long.txt"), "x".repeat(150));
    fails(
        1,
        "the prompt has 150 tokens, over the limit of 64 for method 'none'",
        "generate",
        model,
        "--file",
        file,
        "--method",
        "none");
    fails(
        1,
        "the prompt has 150 tokens, over the limit of 100 for method 'dynamic-yarn'; shorten it,"
            + " give a larger --context, or set --overflow stream or ignore",
        "generate",
        model,
        "--file",
        file,
        "--context",
        100,
        "-q");
  }

  @Test
  void anOverflowMayStreamOrBeIgnored() throws IOException {
    Path file = Files.writeString(directory.resolve("long.txt"), "x".repeat(150));
    for (String overflow : new String[] {"stream", "ignore"}) {
      var outcome =
          terminal.run(
              "generate",
              model,
              "--file",
              file,
              "--method",
              "none",
              "--overflow",
              overflow,
              "--max-tokens",
              2);
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.err()).containsPattern("overflow|past the limit");
    }
  }

  @Test
  void quietLeavesTheTextAlone() {
    var outcome = terminal.run("generate", model, "-p", "Hello", "--max-tokens", 2, "--quiet");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).isNotEmpty();
  }

  @Test
  void onATerminalTheBarVanishesBeforeTheText() {
    var outcome =
        new Terminal(Map.of(), true).run("generate", model, "-p", "Hello", "--max-tokens", 2);
    assertThat(outcome.err()).contains("\rreading [####################] 100%  22 of 22 tokens");
    assertThat(outcome.err()).contains("\033[K\r\033[K");
  }

  @Test
  void theSameSeedGivesTheSameText() {
    Object[] words = {"generate", model, "-p", "Hi", "--temperature", 2, "--seed", 3, "-q"};
    assertThat(terminal.run(words).out()).isEqualTo(terminal.run(words).out());
    Object[] otherSeed = {"generate", model, "-p", "Hi", "--temperature", 2, "--seed", 4, "-q"};
    assertThat(terminal.run(words).out()).isNotEqualTo(terminal.run(otherSeed).out());
  }

  @Test
  void anEmptyPromptIsRefused() throws IOException {
    fails(1, "the prompt is empty: give some text", "generate", model, "-p", "");
    Path file = Files.createFile(directory.resolve("empty.txt"));
    fails(1, "empty.txt is empty: there is nothing to continue", "generate", model, "--file", file);
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(directory.resolve("x.bin"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    fails(1, "x.bin is a binary file or not UTF-8", "generate", model, "--file", file);
    Path zero = Files.writeString(directory.resolve("zero.txt"), "a\0b");
    fails(1, "zero.txt is a binary file or not UTF-8", "generate", model, "--file", zero);
    fails(1, "is a directory where a text file", "generate", model, "--file", directory);
    fails(1, "there is no file none.txt: check the name", "generate", model, "--file", "none.txt");
  }

  @Test
  void aMissingModelIsNamed() {
    fails(
        1,
        "there is no model 'nowhere', neither as a path nor in ",
        "generate",
        "nowhere",
        "-p",
        "x");
  }

  @Test
  void whatIsNoModelIsRefused() throws IOException {
    Path text = Files.writeString(directory.resolve("notes.txt"), "hello");
    fails(1, "is no model: name a .gguf file", "generate", text, "-p", "x");
    Path gguf = Files.writeString(directory.resolve("notes.gguf"), "hello world");
    fails(1, "is not a GGUF file", "generate", gguf, "-p", "x");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    fails(1, "it has no config.json", "generate", empty, "-p", "x");
  }

  @Test
  void aTruncatedModelIsRefused() throws IOException {
    Path weights = model.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
    fails(1, "model.safetensors: ", "generate", model, "-p", "x");
  }

  @Test
  void aModelWithoutATokenizerIsRefused() throws IOException {
    Files.delete(model.resolve("tokenizer.json"));
    fails(1, "tokenizer", "generate", model, "-p", "x");
  }

  @Test
  void aMethodThatDoesNotExistIsWrongUsage() {
    fails(2, "no method 'magic'", "generate", model, "-p", "x", "--method", "magic");
    fails(
        2,
        "method 'yarn' has no parameter 'x'",
        "generate",
        model,
        "-p",
        "x",
        "--method",
        "yarn:factor=2,x=1");
    fails(
        2, "'y' is none of error, stream, ignore", "generate", model, "-p", "x", "--overflow", "y");
    fails(2, "'12z' is not a count of tokens", "generate", model, "-p", "x", "--context", "12z");
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    fails(
        2,
        "--temperature -1.0 is out of range",
        "generate",
        model,
        "-p",
        "x",
        "--temperature",
        "-1",
        "-q");
    fails(
        2,
        "'--max-tokens': must be at least 1, got 0",
        "generate",
        model,
        "-p",
        "x",
        "--max-tokens",
        "0",
        "-q");
    fails(2, "'--threads': must be at least 1", "generate", model, "-p", "x", "-t", "0");
    fails(2, "'--threads': must be at most 1024", "generate", model, "-p", "x", "-t", 1_000_000);
    fails(2, "'many' is not a whole number", "generate", model, "-p", "x", "-t", "many");
    fails(2, "'--block': must be at least 1", "generate", model, "-p", "x", "--block", "0");
    fails(2, "'--context': must be at least 1", "generate", model, "-p", "x", "--context", "0");
    fails(2, "--top-p 1.5 is out of range", "generate", model, "-p", "x", "--top-p", "1.5");
  }

  @Test
  void whatDrawingTakesIsRefusedWhereNothingIsDrawn() {
    for (String option : List.of("--seed", "--top-k", "--top-p", "--min-p")) {
      fails(
          2,
          option + " has no effect at --temperature 0: give a --temperature",
          "generate",
          model,
          "-p",
          "x",
          option,
          1);
    }
    Object[] penalised = {
      "generate", model, "-p", "x", "--repetition-penalty", 2, "--max-tokens", 1
    };
    assertThat(terminal.run(penalised).exit()).isZero();
  }

  @Test
  void onePromptAndOnlyOneMustBeGiven() {
    fails(2, "specify one of these", "generate", model);
    fails(2, "mutually exclusive", "generate", model, "-p", "x", "--file", "y");
  }

  @Test
  void debugShowsTheStackTrace() {
    var outcome = terminal.run("generate", "nowhere", "-p", "x", "--debug");
    assertThat(outcome.err()).contains("\tat ");
    assertThat(terminal.with("FARSPAN_DEBUG", "1").run("generate", "nowhere", "-p", "x").err())
        .contains("\tat ");
  }
}
