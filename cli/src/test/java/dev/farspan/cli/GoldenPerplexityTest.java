package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.farspan.runtime.engine.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `eval perplexity` on a published model against the loss of each of 1,023 tokens that
/// transformers computed from the same weights in one forward pass over all 1,024: protocol
/// `whole`.
@Tag("model")
class GoldenPerplexityTest {
  /// The acceptance bound on the perplexity; the float32 sums themselves are 1e-5 apart.
  private static final double PERCENT = 0.5;

  private static final int TOKENS = 1024;

  @TempDir Path directory;
  private Path model;
  private Path text;
  private double[] losses;

  @BeforeEach
  void writeTheTextOfTheReference() throws IOException {
    model = Golden.model("smollm2-135m-instruct.q4_1.gguf");
    JsonNode nll =
        JsonMapper.shared()
            .readTree(Path.of("../runtime/src/test/resources/golden/smollm2.json"))
            .get("nll");
    int[] ids = IntStream.range(0, TOKENS).map(i -> nll.get("ids").get(i).asInt()).toArray();
    losses =
        IntStream.range(0, TOKENS - 1).mapToDouble(i -> nll.get("nll").get(i).asDouble()).toArray();
    try (Model opened = Model.open(model, 1)) {
      String decoded = opened.tokenizer().decode(ids);
      assertThat(opened.tokenizer().encode(decoded, true)).as("the same tokens").isEqualTo(ids);
      text = Files.writeString(directory.resolve("genesis.txt"), decoded);
    }
  }

  /// `exp` of the mean loss of the tokens that have so many others before them.
  private double expected(int from, int to) {
    return Math.exp(
        IntStream.range(Math.max(1, from), to)
            .mapToDouble(token -> losses[token - 1])
            .average()
            .orElseThrow());
  }

  @Test
  void perplexityAgreesWithTransformersInAllAndInEachBand() {
    var outcome =
        Terminal.withStore(directory)
            .run(
                "eval",
                "perplexity",
                model,
                "--file",
                text,
                "--lengths",
                "1k",
                "--method",
                "none",
                "--json");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    JsonNode row = JsonMapper.shared().readTree(outcome.out()).path("results").path(0);
    assertThat(row.path("tokens").intValue()).isEqualTo(TOKENS - 1);
    assertThat(row.path("perplexity").doubleValue())
        .isCloseTo(expected(0, TOKENS), withinPercentage(PERCENT));
    assertThat(row.path("bands")).hasSize(3);
    for (JsonNode band : row.path("bands")) {
      assertThat(Math.exp(band.path("loss").doubleValue()))
          .as(band.toString())
          .isCloseTo(
              expected(band.path("from").intValue(), band.path("to").intValue()),
              withinPercentage(PERCENT));
    }
  }
}
