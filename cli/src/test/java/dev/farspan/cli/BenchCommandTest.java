package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private static final Path MODEL = Golden.tiny("llama-default");
  @TempDir Path directory;

  private Terminal.Outcome bench(Object... words) {
    var all = new ArrayList<Object>(List.of("bench", MODEL));
    all.addAll(List.of(words));
    return Terminal.withStore(directory).run(all.toArray());
  }

  private void fails(int exit, String sentence, Object... words) {
    var outcome = bench(words);
    outcome.hasFailed(exit, sentence);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void everyPromptAndEveryPairOfLengthAndDepthIsARow() {
    var outcome =
        bench(
            "-p",
            "16,24",
            "-n",
            "4,6",
            "-d",
            "0,32",
            "-r",
            2,
            "-t",
            1,
            "--cache-type",
            "f16",
            "--method",
            "none,streaming:sinks=4,window=20",
            "-o",
            "json",
            "--warm-up",
            0);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    JsonNode rows = JsonMapper.shared().readTree(outcome.out());
    List<String> names = new ArrayList<>();
    rows.forEach(row -> names.add(row.path("test").stringValue()));
    List<String> each = List.of("pp16", "pp24", "tg4@d0", "tg6@d0", "tg4@d32", "tg6@d32");
    assertThat(names.subList(0, 6)).isEqualTo(each);
    assertThat(names.subList(6, 12)).isEqualTo(each);
    JsonNode last = rows.path(11);
    assertThat(last.path("method").stringValue()).isEqualTo("streaming:sinks=4,window=20");
    assertThat(last.path("cache_type").stringValue()).isEqualTo("f16");
    assertThat(last.path("threads").intValue()).isEqualTo(1);
    assertThat(last.path("tokens_per_second").doubleValue()).isPositive();
    assertThat(last.path("samples")).hasSize(2);
    assertThat(last.path("limit").stringValue()).isEqualTo("bandwidth");
    // The limit is that of memory; a model this small stays in the caches, which are faster.
    assertThat(last.path("limit_fraction").doubleValue()).isBetween(1e-9, 20.0);
    assertThat(outcome.err()).contains("farspan: tg6@d32, streaming:sinks=4,window=20: ");
  }

  @Test
  void theDefaultIsATable() {
    var outcome = bench("-p", 0, "-n", 2, "-r", 1, "--no-limits", "-q", "--warm-up", 0);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .startsWith("| model | size |")
        .contains("| llama-default | 0.5 MB |")
        .containsPattern("\\| none \\| tg2@d0 \\| [0-9.]+ ± 0.00 \\| - \\|")
        .doesNotContain("limits:");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void whatIsWrongIsOneSentence() {
    fails(2, "-p 0 -n 0 leaves nothing to measure", "-p", 0, "-n", 0);
    fails(2, "'x' is not a count of tokens", "-p", "512,x");
    fails(2, "'--runs': must be at least 1, got 0", "-r", 0);
    fails(2, "'--block': must be at least 1, got 0", "--block", 0);
    fails(2, "--warm-up must be at least 0, got -1", "--warm-up", -1);
    fails(2, "'--threads': must be at least 1, got 0", "-t", 0);
    fails(2, "-d has no effect with -n 0", "-p", 8, "-n", 0, "-d", 64);
    fails(
        1,
        "the f16 cache of 1,048,576,000 tokens under 'full' takes ",
        "-p",
        "1000m",
        "--method",
        "full",
        "-n",
        0);
    fails(1, "the f16 cache of 1,048,576,128 tokens", "-d", "1000m", "-r", 2, "--method", "full");
    fails(2, "no method 'magic'", "--method", "none,magic");
    fails(2, "'--output': expected one of [md, csv, json]", "-o", "xml");
  }
}
