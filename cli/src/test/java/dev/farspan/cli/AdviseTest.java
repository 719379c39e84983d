package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The embedded model, trained for 256 tokens, and text it was not trained on.
class AdviseTest {
  private static final Path TEXT =
      Path.of("../evaluation/src/main/resources/dev/farspan/evaluation/text/held-out.txt");

  @TempDir Path directory;
  private Path model;

  @BeforeEach
  void copyTheModel() throws IOException {
    model = Files.createDirectory(directory.resolve("tiny"));
    try (Stream<Path> files = Files.list(Path.of("../models/farspan-tiny"))) {
      for (Path file : files.filter(f -> !f.toString().contains("loss")).toList()) {
        Files.copy(file, model.resolve(Objects.requireNonNull(file.getFileName())));
      }
    }
  }

  private Terminal.Outcome run(Object... words) {
    return new Terminal(Map.of("HOME", directory.toString()), false).run(words);
  }

  private static Object[] with(Object[] head, Object... more) {
    Object[] all = Arrays.copyOf(head, head.length + more.length);
    System.arraycopy(more, 0, all, head.length, more.length);
    return all;
  }

  @Test
  void aMethodIsRecommendedWithItsEvidenceAndAutoTakesIt() throws IOException {
    // Plain interpolation by 4 wrecks this model; the other two hold far beyond 256 tokens.
    Object[] words = {
      "advise",
      model,
      "--context",
      1024,
      "--file",
      TEXT,
      "--budget",
      60,
      "--methods",
      "linear:factor=4,yarn:factor=4,dynamic-yarn",
      "--out",
      directory.resolve("out")
    };
    var outcome = run(words);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .startsWith("For 1,024 tokens of text like held-out.txt use dynamic-yarn:\n- ")
        .contains(
            "farspan generate "
                + model
                + " --file "
                + TEXT
                + " --method dynamic-yarn --context 1024")
        .containsPattern("\\* +dynamic-yarn +3\\.2[12]\\d .* %")
        .contains("within the trained length of 256 tokens it loses nothing")
        .containsPattern("it finds \\d+ of 16 ");
    assertThat(outcome.err())
        .contains("found in 1,024 tokens")
        .contains("tiny.farspan.json: auto takes dynamic-yarn from now on for 257 to 1,024 tokens");
    assertThat(directory.resolve("out").resolve("report.html"))
        .content()
        .contains(
            "<p class=\"winner\">For 1,024 tokens of text like held-out.txt use dynamic-yarn.</p>");

    Path prompt =
        Files.writeString(directory.resolve("p.txt"), Files.readString(TEXT).substring(0, 900));
    var generated = run("generate", model, "--file", prompt, "--max-tokens", 2);
    assertThat(generated.exit()).as(generated.err()).isZero();
    assertThat(generated.err())
        .containsPattern(
            "auto: dynamic-yarn by the advice of \\d{4}-\\d\\d-\\d\\d \\(tiny.farspan.json\\)")
        .contains("method dynamic-yarn;");

    // All cells are there: the same again, without a reading.
    var again = run(with(words, "--json"));
    JsonNode json = JsonMapper.shared().readTree(again.out());
    assertThat(json.path("method").asString()).isEqualTo("dynamic-yarn");
    assertThat(json.path("methods")).hasSize(4);
    assertThat(again.err())
        .contains("none: 1,024 tokens read before")
        .doesNotContain("tokens read\n");
  }

  @Test
  void whatCannotBeMeasuredIsSaid() {
    var outcome =
        run(
            "advise",
            model,
            "--context",
            320,
            "--file",
            TEXT,
            "--budget",
            60,
            "--methods",
            "yarn:factor=1.1,ntk:factor=2",
            "-q");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("not measured: yarn:factor=1.1 holds up to 281 tokens only");
    run("advise", model, "--context", 320, "--file", TEXT, "--memory", "1MB")
        .hasFailed(1, "there are no two methods to compare: none takes ");
  }

  @Test
  void badInputGetsOneSentence() throws IOException {
    Object[] head = {"advise", model, "--file", TEXT};
    run(with(head, "--context", 256))
        .hasFailed(1, "lies within the 256 tokens that the model was trained for");
    run(with(head, "--context", "1m")).hasFailed(1, "where a context of 1,048,576 needs as many");
    run(with(head, "--context", 512, "--methods", "magic")).hasFailed(2, "no method 'magic'");
    run(with(head, "--context", 512, "--methods", "auto")).hasFailed(2, "auto names no method");
    run(with(head, "--context", 300, "--methods", "none"))
        .hasFailed(2, "name at least one method besides none with --methods");
    run(with(head, "--context", 512, "--budget", 0)).hasFailed(2, "--budget takes minutes");
    run(with(head, "--context", 512, "--budget", 0.001)).hasFailed(1, "the budget is too small: ");
    assertThat(Path.of(model + ".farspan.json")).doesNotExist();
  }
}
