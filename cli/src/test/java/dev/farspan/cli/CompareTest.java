package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The model was trained for 64 tokens; a token is a byte.
class CompareTest {
  @TempDir Path directory;
  private Path model;
  private Path text;

  @BeforeEach
  void prepare() throws IOException {
    model = Golden.withTokenizer("llama-default", directory);
    text = Files.writeString(directory.resolve("text.txt"), "The quick brown fox. ".repeat(10));
  }

  private Terminal.Outcome run(Object... words) {
    return Terminal.withStore(directory).run(words);
  }

  private void fails(int exit, String sentence, Object... words) {
    run(words).hasFailed(exit, sentence);
  }

  @Test
  void theTableHasAColumnForEachMethod() {
    var outcome =
        run(
            "compare",
            model,
            "--file",
            text,
            "--tokens",
            128,
            "--methods",
            "none,streaming:sinks=4,window=60",
            "--method",
            "yarn:factor=2",
            "--bands",
            "64,96,128");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("128 tokens of text.txt")
        .contains("none")
        .contains("streaming:sinks=4,window=60")
        .contains("yarn:factor=2")
        .contains("64-96");
    assertThat(outcome.err()).contains("farspan: none: mean loss ");
  }

  @Test
  void aReportIsWrittenAndALaterRunGoesOn() {
    Path out = directory.resolve("report");
    Object[] words = {
      "compare", model, "--file", text, "--methods", "none,yarn:factor=4", "--out", out, "--json"
    };
    var first = run(words);
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(JsonMapper.shared().readTree(first.out()).path("methods")).hasSize(2);
    assertThat(out.resolve("comparison.html")).exists();
    assertThat(out.resolve("comparison.svg")).exists();
    var second = run(words);
    assertThat(second.err()).contains("none: mean loss ").contains(", measured before");
    assertThat(second.out()).isEqualTo(first.out());
  }

  @Test
  void autoTakesWhatIsRemembered() throws IOException {
    var compared =
        run("compare", model, "--file", text, "--method", "linear:factor=4", "--remember");
    assertThat(compared.exit()).as(compared.err()).isZero();
    assertThat(compared.err()).contains("remembered in ");

    Path shorter = Files.writeString(directory.resolve("short.txt"), "x".repeat(150));
    var outcome = run("generate", model, "--file", shorter, "--max-tokens", 4);
    assertThat(outcome.err()).contains("auto takes linear:factor=4, which measured best in ");
    assertThat(outcome.err()).contains("method linear:factor=4");

    // 60 + 50 tokens would pass the trained length of 64, but --context does not let them.
    Path within = Files.writeString(directory.resolve("within.txt"), "x".repeat(60));
    outcome = run("generate", model, "--file", within, "--max-tokens", 50, "--context", 64);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.err()).doesNotContain("auto takes");

    Files.writeString(model.resolve("README.md"), "changed");
    outcome = run("generate", model, "--file", shorter, "--max-tokens", 4);
    assertThat(outcome.err()).contains("was measured on another model of this name");
  }

  @Test
  void bandsThatDoNotEndWithTheTextAreReported() {
    var longer =
        run("compare", model, "--file", text, "--method", "none", "--bands", "64,256", "--json");
    assertThat(longer.exit()).as(longer.err()).isZero();
    assertThat(longer.err()).contains("farspan: the text ends at 210 tokens: bands are cut there");
    var bands = JsonMapper.shared().readTree(longer.out()).path("methods").path(0).path("bands");
    assertThat(bands.path(1).path("to").intValue()).isEqualTo(210);

    var shorter = run("compare", model, "--file", text, "--method", "none", "--bands", "64,128");
    assertThat(shorter.err()).contains("farspan: the bands end at 128 of 210 tokens");
  }

  @Test
  void theCommandInAReportIsQuotedAsAShellTakesIt() throws IOException {
    Path spaced = Files.copy(text, directory.resolve("my text.txt"));
    var outcome = run("compare", model, "--file", spaced, "--method", "none", "--json");
    assertThat(JsonMapper.shared().readTree(outcome.out()).path("command").stringValue())
        .startsWith("farspan compare ")
        .contains("my text.txt' --method none");
  }

  @Test
  void whatWouldLoseTheResultIsRefusedBeforeTheTextIsRead() throws IOException {
    fails(
        1,
        "text.txt is a file",
        "compare",
        model,
        "--file",
        text,
        "--method",
        "none",
        "--out",
        text);
    Files.writeString(Path.of(model + ".farspan.json"), "{}");
    fails(
        1,
        "does not hold measured curves",
        "compare",
        model,
        "--file",
        text,
        "--method",
        "none",
        "--remember");
  }

  @Test
  void whatIsWrongIsOneSentence() {
    for (int tokens = 0; tokens < 2; tokens++) {
      fails(
          2,
          "--tokens must be at least 2, got " + tokens,
          "compare",
          model,
          "--file",
          text,
          "--method",
          "none",
          "--tokens",
          tokens);
    }
    fails(2, "name at least one method", "compare", model, "--file", text);
    fails(2, "a method is named twice", "compare", model, "--file", text, "--methods", "none,none");
    fails(2, "no method 'magic'", "compare", model, "--file", text, "--methods", "none,magic");
    fails(
        2,
        "'factor=2' in 'none,factor=2' follows no method with parameters",
        "compare",
        model,
        "--file",
        text,
        "--methods",
        "none,factor=2");
    fails(
        1,
        "text.txt has 210 tokens where 1,024 are needed",
        "compare",
        model,
        "--file",
        text,
        "--methods",
        "none",
        "--tokens",
        "1k");
    fails(
        1,
        "there is no file none.txt",
        "compare",
        model,
        "--file",
        "none.txt",
        "--methods",
        "none");
    fails(
        2,
        "--bands: the upper ends of bands must ascend",
        "compare",
        model,
        "--file",
        text,
        "--methods",
        "none",
        "--bands",
        "64,32");
  }
}
