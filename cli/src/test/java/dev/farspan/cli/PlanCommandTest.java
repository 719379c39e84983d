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
    fails(1, "name one of a model, a config.json, --shape", "--context", "4k");
    fails(1, "no shape 'llama9' is known", "--shape", "llama9");
    fails(1, "needs --layers, --hidden, --heads and --params", "--layers", 3);
    fails(2, "--batch must be at least 1, got 0", "--shape", "llama2-7b", "--batch", 0);
    fails(2, "'much' is not a size", "--shape", "llama2-7b", "--memory", "much");
    fails(2, "--measure runs one sequence", "--shape", "llama2-7b", "--measure", "--batch", 2);
    fails(1, "--measure needs a model that can be run", "--shape", "llama2-7b", "--measure");
    fails(2, "is more than the 10 of --context", MODEL, "--context", 10, "--written", 11);
    fails(1, "it would not fit", MODEL, "--context", 100, "--measure", "--memory", "1MB");
  }
}
