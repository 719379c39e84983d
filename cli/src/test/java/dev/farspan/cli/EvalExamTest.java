package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `eval passkey`, `eval niah` and `eval ruler` on a model of random weights whose tokens are
/// bytes.
class EvalExamTest {
  @TempDir Path directory;
  private Path model;
  private Path text;

  @BeforeEach
  void prepare() throws IOException {
    model = Golden.withTokenizer("llama-default", directory);
    text = Files.writeString(directory.resolve("text.txt"), "A quick brown fox. ".repeat(50));
  }

  private Terminal.Outcome run(Object... words) {
    return Terminal.withStore(directory).run(words);
  }

  private void fails(int exit, String sentence, Object... words) {
    var outcome = run(words);
    assertThat(outcome.err()).contains(sentence).contains("farspan: ");
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(exit);
    assertThat(outcome.out()).isEmpty();
  }

  private static Object[] with(Object[] head, Object... more) {
    return Stream.concat(Stream.of(head), Stream.of(more)).toArray();
  }

  @Test
  void aCommaMakesOneDepthOfANumber() {
    Object[] words = {"eval", "passkey", model, "--lengths", 320, "--method", "none", "--depths"};
    assertThat(run(with(words, "50,")).out().lines().filter(line -> line.contains(" % ")))
        .extracting(line -> line.strip().split(" ")[0])
        .containsExactly("50");
    assertThat(run(with(words, "3")).out()).contains("\n0 % ", "\n50 % ", "\n100 % ");
  }

  @Test
  void aPasskeyGridHasAMapForEachMethod() {
    var outcome =
        run(
            "eval",
            "passkey",
            model,
            "--lengths",
            "320,340",
            "--depths",
            2,
            "--methods",
            "none,streaming:sinks=4,window=60");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("passkey, none: percent found")
        .contains("passkey, streaming:sinks=4,window=60: percent found")
        .containsPattern("depth +320 +340")
        .containsPattern("100 % +\u00b7\u00b7 0");
    assertThat(outcome.err()).containsPattern("in the model, .* s \\(.* %\\) beside it");
  }

  @Test
  void onATerminalTheMapIsColouredUnlessNoColorIsSet() {
    Object[] words = {
      "eval", "passkey", model, "--lengths", 320, "--depths", 2, "--method", "none", "-q"
    };
    Terminal plain = Terminal.withStore(directory);
    Terminal terminal = new Terminal(plain.environment(), true);
    assertThat(terminal.run(words).out())
        .contains("0 %          \033[48;5;204;38;5;16m   0 \033[0m\n") // red: nothing found
        .contains("mean         0\n");
    assertThat(terminal.with("NO_COLOR", "1").run(words).out())
        .isEqualTo(plain.run(words).out())
        .doesNotContain("\033");
  }

  @Test
  void aSecondRunTakesEveryCellFromTheFirst() {
    Object[] words = {
      "eval",
      "niah",
      model,
      "--file",
      text,
      "--lengths",
      340,
      "--depths",
      "0,50",
      "--needles",
      2,
      "--methods",
      "none,dynamic-yarn",
      "--out",
      directory.resolve("out"),
      "--json"
    };
    var first = run(words);
    assertThat(first.exit()).as(first.err()).isZero();
    JsonNode json = JsonMapper.shared().readTree(first.out());
    assertThat(json.path("cells")).hasSize(4);
    assertThat(json.at("/cells/0/answers")).hasSize(2);
    assertThat(json.at("/facts/text").asString()).isEqualTo("text.txt");
    Path out = directory.resolve("out");
    assertThat(out.resolve("report.html")).content().contains("niah, none", "niah, dynamic-yarn");
    assertThat(out.resolve("needle-1.svg")).exists();
    var second = run(words);
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).doesNotContain("in the model");
  }

  @Test
  void severalNeedlesAreSpreadOverTheTextUnlessDepthsAreAsked() {
    Object[] words = {
      "eval", "niah", model, "--file", text, "--lengths", 640, "--needles", 4, "--method", "none"
    };
    var spread = run(words);
    assertThat(spread.exit()).as(spread.err()).isZero();
    assertThat(spread.out().lines().filter(line -> line.contains(" % ")))
        .extracting(line -> line.strip().split(" ")[0])
        .containsExactly("0", "25", "50", "75");
    Object[] asked = Stream.concat(Stream.of(words), Stream.of("--depths", "0,50")).toArray();
    assertThat(run(asked).out()).contains("50 %").doesNotContain("25 %");
  }

  @Test
  void aPasskeyLiesInTheTextThatIsNamed() {
    Object[] words = {
      "eval", "passkey", model, "--lengths", 320, "--depths", 2, "--method", "none"
    };
    Object[] inText = Stream.concat(Stream.of(words), Stream.of("--file", text)).toArray();
    String sentences = run(words).out();
    assertThat(run(inText).out()).contains("answer loss").isNotEqualTo(sentences);
    Object[] longer = inText.clone();
    longer[4] = "4k";
    fails(1, "text.txt has 950 tokens where a length of 4,096 needs ", longer);
  }

  @Test
  void tasksMakeATableAndAFileIsATaskToo() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("mine.json"),
            """
            {"name": "mine", "needles": [" It is {n}."], "values": {"n": {"digits": 3}},
             "questions": [{"text": " What is it?", "expected": ["{n}"]}], "answer_tokens": 4}
            """);
    var outcome =
        run(
            "eval",
            "ruler",
            model,
            "--file",
            text,
            "--lengths",
            600,
            "--methods",
            "none",
            "--tasks",
            "niah_single_2",
            "--task-file",
            file,
            "--depths",
            2);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("method +length +niah_single_2 +mine +average")
        .containsPattern("none +600 +0 +0 +0.0")
        .contains("none: no length reaches an average of 85.6")
        .doesNotContain("wAvg"); // of one length
  }

  @Test
  void whatIsWrongIsSaidInOneSentenceBeforeAnythingRuns() throws IOException {
    fails(
        2,
        "there is no task 'vtt'; there are niah_single_1, ",
        "eval",
        "ruler",
        model,
        "--lengths",
        600,
        "--method",
        "none",
        "--tasks",
        "vtt");
    Path file =
        Files.writeString(directory.resolve("bad.json"), "{\"name\": \"x\", \"needle\": []}");
    fails(
        1,
        "bad.json: a task has no key 'needle'; there are [answer_tokens, asks,",
        "eval",
        "ruler",
        model,
        "--lengths",
        600,
        "--method",
        "none",
        "--task-file",
        file);
    fails(
        1,
        "text.txt has 950 tokens where a length of 4,096 needs ",
        "eval",
        "niah",
        model,
        "--lengths",
        "300,4k",
        "--method",
        "none",
        "--file",
        text);
    fails(
        2,
        "no task asked here hides anything in a text, they make up their own: leave out --file",
        "eval",
        "ruler",
        model,
        "--lengths",
        600,
        "--method",
        "none",
        "--tasks",
        "niah_single_1,vt",
        "--file",
        text);
    fails(
        1,
        "task 'niah' needs ",
        "eval",
        "niah",
        model,
        "--lengths",
        100,
        "--method",
        "none",
        "--file",
        text);
    Object[] asked = {"eval", "niah", model, "--lengths", 300, "--method", "none"};
    fails(2, "'--samples': must be at least 1, got 0", with(asked, "--samples", 0));
    fails(2, "--judge-model has no effect without --judge", with(asked, "--judge-model", "gpt"));
    fails(2, "name at least one method", "eval", "niah", model, "--lengths", 300);
    fails(
        2,
        "no task asked here places anything at a depth",
        "eval",
        "ruler",
        model,
        "--lengths",
        600,
        "--method",
        "none",
        "--tasks",
        "qa_1",
        "--depths",
        3);
    fails(
        2,
        "'localhost' is not the address of an endpoint such as",
        "eval",
        "niah",
        model,
        "--lengths",
        300,
        "--method",
        "none",
        "--judge",
        "localhost");
    fails(
        2,
        "--depths are between 0 and 100 percent",
        "eval",
        "niah",
        model,
        "--lengths",
        300,
        "--method",
        "none",
        "--depths",
        "0,101");
    fails(
        2,
        "exclude each other",
        "eval",
        "niah",
        model,
        "--lengths",
        300,
        "--method",
        "none",
        "--needles",
        2,
        "--classic");
    fails(
        2,
        "needles must be between 1 and 16, got 17",
        "eval",
        "niah",
        model,
        "--lengths",
        300,
        "--method",
        "none",
        "--needles",
        17);
    assertThat(directory.resolve("out")).doesNotExist();
  }
}
