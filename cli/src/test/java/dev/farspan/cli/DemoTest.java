package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.evaluation.text.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `demo` on the embedded model, as quick as it gets.
class DemoTest {
  private static final Path TINY = Path.of("../models/farspan-tiny");
  private static final String LENGTHS = "256,512,1k,2k";
  private static final String METHODS = "none,yarn:factor=8,streaming:sinks=4,window=252";

  @TempDir static Path directory;
  private static Path out;
  private static Terminal terminal;
  private static JsonNode measured;

  @BeforeAll
  static void measure() throws IOException {
    out = directory.resolve("out");
    Path store = Files.createDirectories(directory.resolve("store"));
    copy(TINY, store.resolve("farspan-tiny"));
    terminal = Terminal.withStore(store);
    measured = json(demo("--json"));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String file :
        new String[] {
          "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"
        }) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
  }

  private static Terminal.Outcome demo(Object... more) {
    Object[] words = new Object[4 + more.length];
    System.arraycopy(new Object[] {"demo", "--quick", "--out", out}, 0, words, 0, 4);
    System.arraycopy(more, 0, words, 4, more.length);
    return terminal.run(words);
  }

  private static JsonNode json(Terminal.Outcome outcome) {
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return JsonMapper.shared().readTree(outcome.out());
  }

  private static JsonNode line(String method) {
    for (JsonNode line : measured.path("methods")) {
      if (line.path("name").asString().equals(method)) {
        return line;
      }
    }
    throw new AssertionError("no line of " + method);
  }

  @Test
  void itFindsAsManyPasskeysAsTheEvaluationDoes() {
    JsonNode eval =
        json(
            terminal.run(
                "eval",
                "passkey",
                "farspan-tiny",
                "--lengths",
                LENGTHS,
                "--depths",
                3,
                "--methods",
                METHODS,
                "--json"));
    assertThat(eval.path("methods")).hasSize(3);
    for (JsonNode method : eval.path("methods")) {
      JsonNode found = line(method.path("method").asString()).path("found_percent");
      assertThat(found.valueStream().mapToDouble(JsonNode::asDouble))
          .containsExactlyElementsOf(
              method.path("average_percent").valueStream().map(JsonNode::asDouble).toList());
    }
    // so that not all of them can be 0
    assertThat(line("none").at("/found_percent/0").asDouble()).isGreaterThan(50);
  }

  @Test
  void itsLossesAreThoseOfTheEvaluation() throws IOException {
    TextFile text = TextFile.heldOut();
    Path file = Files.writeString(directory.resolve(text.name()), text.text());
    JsonNode eval =
        json(
            terminal.run(
                "eval",
                "perplexity",
                "farspan-tiny",
                "--file",
                file,
                "--lengths",
                "2k",
                "--methods",
                METHODS,
                "--json"));
    assertThat(eval.path("results")).hasSize(3);
    for (JsonNode row : eval.path("results")) {
      JsonNode losses = line(row.path("method").asString()).path("loss_up_to_each_length");
      assertThat(losses.get(0).asDouble()).isEqualTo(band(row, 0, 256), within(1e-12));
      assertThat(losses.get(3).asDouble()).isEqualTo(band(row, 1024, 2048), within(1e-12));
    }
  }

  /// The mean loss of the bands in a range; sums in another order differ in the last bits.
  private static double band(JsonNode row, int from, int to) {
    double nats = 0;
    double tokens = 0;
    for (JsonNode band : row.path("bands")) {
      if (band.path("from").asInt() >= from && band.path("to").asInt() <= to) {
        nats += band.path("loss").asDouble() * band.path("tokens").asInt();
        tokens += band.path("tokens").asInt();
      }
    }
    return nats / tokens;
  }

  @Test
  void aSecondRunMeasuresNothingAgain() {
    var again = demo("--json");
    assertThat(json(again)).isEqualTo(measured); // the times among the numbers too
    assertThat(again.err()).doesNotContain("measured now");
  }

  @Test
  void theStoryHasItsStepsAndTheSentencesOfTheNumbers() {
    var story = demo();
    assertThat(story.exit()).as(story.err()).isZero();
    assertThat(story.out())
        .contains(
            "1. A small model\nfarspan-tiny: a llama model of ",
            ", trained for 256 tokens.\n",
            "\n2. Beyond its trained length\n",
            "\n3. The same model read 8 times as far, without training\n",
            "\n4. Where they are found",
            "\n5. The same model after a short fine-tune (recipe farspan-tiny-long)\n"
                + "Left out: there is no farspan-tiny-long in the store.\n",
            "\n6. Your own model\n",
            out.resolve("report.html").toString())
        .doesNotContain("\033");
    measured.path("sentences").forEach(s -> assertThat(story.out()).contains(s.asString()));
    assertThat(out.resolve("report.html"))
        .content()
        .contains("passkey, self-extend", "\"name\":\"yarn:factor=8\"");
  }

  @Test
  void onATerminalTheMapsAreColoured() {
    Terminal interactive = new Terminal(terminal.environment(), true);
    assertThat(interactive.run("demo", "--quick", "--out", out, "-q").out())
        .contains("\033[1m1. A small model\033[0m", "\033[48;5;");
  }

  @Test
  void aFineTunedVariantIsComparedAndSharesThePictures() throws IOException {
    Path store = Files.createDirectories(directory.resolve("both"));
    copy(TINY, store.resolve("farspan-tiny"));
    copy(TINY, store.resolve("farspan-tiny-long"));
    Path file = store.resolve("farspan-tiny-long/config.json");
    ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
    config
        .put("max_position_embeddings", 2048)
        .putObject("rope_scaling")
        .put("rope_type", "yarn")
        .put("factor", 8.0)
        .put("original_max_position_embeddings", 256);
    Files.writeString(file, JsonMapper.shared().writeValueAsString(config));
    var outcome = Terminal.withStore(store).run("demo", "--quick", "--out", out, "--json");
    JsonNode tuned = json(outcome).path("tuned");
    // the same weights under the same method
    assertThat(tuned.path("found_percent")).isEqualTo(line("yarn:factor=8").path("found_percent"));
    assertThat(tuned.path("loss_up_to_each_length"))
        .isEqualTo(line("yarn:factor=8").path("loss_up_to_each_length"));
    assertThat(outcome.out())
        .contains("farspan-tiny-long does not do better than the methods above");
    assertThat(out.resolve("report.html"))
        .content()
        .contains("passkey, farspan-tiny-long file", "\"name\":\"farspan-tiny-long file\"")
        .containsOnlyOnce("<h2>Perplexity</h2>");
  }

  @Test
  void withoutTheModelItIsSaidWhereItWasLookedFor() {
    Terminal.withStore(directory.resolve("nothing"))
        .run("demo", "--out", directory.resolve("none"))
        .hasFailed(1, "there is no model 'farspan-tiny', neither as a path nor in ");
    assertThat(directory.resolve("none")).doesNotExist();
  }
}
