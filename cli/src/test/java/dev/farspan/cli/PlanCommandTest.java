package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanCommandTest {
  private static final Path MODEL = Golden.tiny("llama-default");
  private static final List<Object> SEVENTY =
      List.of("plan", "--shape", "llama2-70b", "--context", "128k", "--memory");
  @TempDir Path directory;

  private Terminal.Outcome plan(List<Object> words, Object... more) {
    var all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return Terminal.withStore(directory).run(all.toArray());
  }

  private void fails(int exit, String sentence, Object... words) {
    var outcome = plan(List.of("plan"), words);
    outcome.hasFailed(exit, sentence);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void seventyBillionAtOneHundredTwentyEightThousandIsToldBothWays() {
    var outcome = plan(SEVENTY, "1TB", "--method", "full", "--cache-type", "f16");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("KV cache +42\\.9 GB")
        .containsPattern("as if multi-head, 64 heads +f16 +343\\.6 GB")
        .contains("Llama 2 13B, 128K tokens, FP16: over 100 GB")
        .contains("It fits: ")
        .contains("32.0 times without attention; with it 103.9 times (69.3)");
  }

  @Test
  void whatDoesNotFitIsToldWhatWould() {
    assertThat(plan(SEVENTY, "170GB", "--method", "full").out())
        .contains("It does not fit: ")
        .containsPattern("--cache-type q8_0: 1[0-9.]+ GB")
        .contains("--method streaming:sinks=4,window=4092: ")
        .contains(", the longest that fits: ");
    assertThat(plan(SEVENTY, "24GB").out())
        .contains("No context fits: weights, buffers and the JVM alone take ")
        .contains("With weights in Q2_K (22.6 GB):");
    assertThat(plan(SEVENTY, "8GB").out()).contains("More memory or a smaller model is needed.");
  }

  @Test
  void jsonHasTheSameFigures() {
    var outcome = plan(SEVENTY, "1TB", "--method", "full", "--cache-type", "f16", "--json");
    JsonNode plan = JsonMapper.shared().readTree(outcome.out());
    assertThat(plan.path("memory").path("kv_cache").longValue()).isEqualTo(42_949_672_960L);
    assertThat(plan.path("fits").booleanValue()).isTrue();
    assertThat(plan.path("published")).hasSize(4);
    assertThat(plan.path("training").path("sequence_ratio").doubleValue())
        .isCloseTo(103.9, within(0.1)); // one decimal above
    assertThat(plan.has("time")).isFalse();
  }

  @Test
  void sizesAndConfigurationsPlanWithoutAModel() {
    var sizes =
        plan(
            List.of("plan", "--context", "8k", "--memory", "1TB"),
            "--layers",
            80,
            "--hidden",
            8192,
            "--heads",
            64,
            "--kv-heads",
            8,
            "--params",
            "69b");
    assertThat(sizes.exit()).as(sizes.err()).isZero();
    assertThat(sizes.out()).startsWith("80 layers of 8192: 69,000,000,000 parameters");
    var config = plan(List.of("plan", MODEL.resolve("config.json"), "--context", 200, "-q"));
    assertThat(config.exit()).as(config.err()).isZero();
    assertThat(config.out()).contains("KV cache").doesNotContain("TIME");
  }

  @Test
  void aMeasuredRunKeepsTheCacheThatWasPlanned() {
    var outcome =
        plan(
            List.of("plan", MODEL, "--context", 600, "-t", 1, "--method", "full"),
            "--measure",
            "--json",
            "-q");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    JsonNode plan = JsonMapper.shared().readTree(outcome.out());
    JsonNode measured = plan.path("time").path("measured");
    assertThat(measured.path("kv_cache").longValue())
        .isPositive()
        .isEqualTo(plan.path("memory").path("kv_cache").longValue());
    assertThat(measured.path("read_seconds").doubleValue()).isPositive();
    assertThat(plan.path("time").path("samples")).hasSize(3);
  }

  @Test
  void whatIsWrongIsOneSentence() {
    fails(2, "name one of a model, a config.json, --shape", "--context", "4k");
    fails(2, "no shape 'llama9' is known", "--shape", "llama9");
    fails(2, "needs all of --layers, --hidden, --heads and --params", "--layers", 3);
    fails(2, "'--batch': must be at least 1, got 0", "--shape", "llama2-7b", "--batch", 0);
    fails(2, "'--context': must be at least 1, got 0", "--shape", "llama2-7b", "--context", 0);
    fails(2, "'--threads': must be at most 1024", "--shape", "llama2-7b", "-t", 1_000_000);
    fails(2, "'much' is not a size", "--shape", "llama2-7b", "--memory", "much");
    fails(2, "--measure runs one sequence", "--shape", "llama2-7b", "--measure", "--batch", 2);
    fails(1, "--measure needs a model that can be run", "--shape", "llama2-7b", "--measure");
    fails(2, "is more than the 10 of --context", MODEL, "--context", 10, "--written", 11);
    fails(1, "it would not fit", MODEL, "--context", 100, "--measure", "--memory", "1MB");
  }

  @Test
  void aSizeBesideAKnownShapeIsRefused() {
    for (String option : List.of("--trained", "--vocab", "--head-dim", "--kv-heads")) {
      String sentence = option + " has no effect where the shape is known: leave it out";
      fails(2, sentence, MODEL, option, 64);
      fails(2, sentence, MODEL.resolve("config.json"), option, 64);
      fails(2, sentence, "--shape", "llama2-7b", option, 64);
    }
    fails(2, "--weights has no effect on a model whose file", MODEL, "--weights", "q8_0");
    var typed = plan(List.of("plan", "--shape", "llama2-7b", "--weights", "q8_0", "--json"));
    assertThat(typed.exit()).as(typed.err()).isZero();
    fails(2, "name one of a model", "--shape", "llama2-7b", "--layers", 3);
    fails(2, "'--vocab': must be at least 1, got -64000", MODEL, "--vocab", -64_000);
  }

  @Test
  void sizesThatNoModelHasAreRefused() {
    List<Object> seven = List.of("--heads", 7, "--params", "1b", "--layers");
    sized(seven, 3, "--heads 7 does not divide --hidden 100", "--hidden", 100);
    sized(seven, 2_000_000_000, "--layers is at most 10,000, got", "--hidden", 70);
    sized(seven, 3, "parameters do not make a model of these sizes", "--hidden", 1_400_000_000);
    sized(seven, 3, "elements are too many", "--hidden", 70, "--head-dim", 2_000_000_000);
    var all = new ArrayList<Object>(List.of("plan", "--hidden", 100, "--head-dim", 16));
    all.addAll(seven);
    assertThat(plan(all, 3).exit()).isZero();
  }

  private void sized(List<Object> seven, int layers, String sentence, Object... more) {
    var all = new ArrayList<>(seven);
    all.add(layers);
    all.addAll(List.of(more));
    fails(2, sentence, all.toArray());
  }

  @Test
  void countsBeyondReasonAreRefused() {
    Object[] head = {"--shape", "llama2-7b"};
    for (String tokens : List.of("-1", "0", "1e300", "NaN")) {
      fails(
          2, "--train-tokens is from 1 to 1e+18, got ", head[0], head[1], "--train-tokens", tokens);
    }
    fails(2, "--batch is at most 1,000,000", head[0], head[1], "--batch", 2_000_000_000);
    fails(
        1,
        "more than 2^63 bytes, which no machine has",
        "--shape",
        "llama3.1-405b",
        "--method",
        "full",
        "--context",
        "2000m",
        "--batch",
        1_000_000,
        "--cache-type",
        "f32");
  }
}
