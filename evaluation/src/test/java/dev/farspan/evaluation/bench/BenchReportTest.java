package dev.farspan.evaluation.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.kernels.MachineLimits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchReportTest {
  private static final Measurement PREFILL =
      new Measurement(
          new BenchTest.Prefill(512), "none", List.of(90.0, 100.0, 110.0), OptionalDouble.of(0.63));
  private static final Measurement DECODE =
      new Measurement(
          new BenchTest.Decode(64, 4096),
          "streaming:sinks=4,window=60",
          List.of(33.5),
          OptionalDouble.empty());

  private static BenchReport report(Optional<MachineLimits> limits) {
    BenchReport.Setting setting =
        new BenchReport.Setting("m.gguf", 92_100_000, 2, "f16", 512, "panama: fast", limits);
    return new BenchReport(setting, List.of(PREFILL, DECODE));
  }

  @Test
  void testsAreNamedAsLlamaBenchDoes() {
    assertThat(PREFILL.test().name()).isEqualTo("pp512");
    assertThat(DECODE.test().name()).isEqualTo("tg64@d4096");
    assertThat(new BenchTest.Decode(1, 0).name()).isEqualTo("tg1@d0");
  }

  @Test
  void theDeviationIsThatOfASample() {
    assertThat(PREFILL.mean()).isEqualTo(100);
    assertThat(PREFILL.deviation()).isCloseTo(10, within(1e-12)); // sqrt((100 + 0 + 100) / 2)
    assertThat(DECODE.deviation()).isZero();
  }

  @Test
  void jsonIsAListOfRows() {
    JsonNode rows =
        JsonMapper.shared().readTree(report(Optional.of(new MachineLimits(2e11, 3e10))).json());
    assertThat(rows).hasSize(2);
    JsonNode row = rows.path(0);
    assertThat(row.propertyNames())
        .startsWith("test", "tokens_per_second", "stddev", "threads", "cache_type", "method");
    assertThat(row.path("test").stringValue()).isEqualTo("pp512");
    assertThat(row.path("tokens_per_second").doubleValue()).isEqualTo(100);
    assertThat(row.path("stddev").doubleValue()).isCloseTo(10, within(1e-12));
    assertThat(row.path("threads").intValue()).isEqualTo(2);
    assertThat(row.path("cache_type").stringValue()).isEqualTo("f16");
    assertThat(row.path("method").stringValue()).isEqualTo("none");
    assertThat(row.path("limit").stringValue()).isEqualTo("flops");
    assertThat(row.path("limit_fraction").doubleValue()).isEqualTo(0.63);
    assertThat(row.path("samples")).hasSize(3);
    assertThat(row.path("peak_bytes_per_second").doubleValue()).isEqualTo(3e10);
    assertThat(rows.path(1).has("limit_fraction")).isFalse();
  }

  @Test
  void csvQuotesWhatHoldsACommaAndEveryLineHasTheSameCells() {
    assertThat(report(Optional.empty()).csv())
        .isEqualTo(
            """
            test,tokens_per_second,stddev,threads,cache_type,method,limit,limit_fraction,model,model_bytes,runs,block,kernels
            pp512,100.0000,10.0000,2,f16,none,flops,0.6300,m.gguf,92100000,3,512,panama: fast
            tg64@d4096,33.5000,0.0000,2,f16,"streaming:sinks=4,window=60",,,m.gguf,92100000,1,512,panama: fast
            """);
  }

  @Test
  void theTableShowsTheShareOfTheLimit() {
    assertThat(report(Optional.of(new MachineLimits(2e11, 3e10))).markdown())
        .contains(
            "| m.gguf | 92.1 MB | 2 | f16 | none | pp512 | 100.00 ± 10.00 | 63 % of flops |\n")
        .contains("| tg64@d4096 | 33.50 ± 0.00 | - |\n")
        .endsWith(
            "\nThe machine's limits: 200 GFLOP/s, reading 30.0 GB/s. Kernels: panama: fast.\n");
    assertThat(report(Optional.empty()).markdown()).doesNotContain("limits");
  }

  @Test
  void nothingToTimeIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new BenchTest.Prefill(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new BenchTest.Decode(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new BenchTest.Decode(1, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Measurement(PREFILL.test(), "none", List.of(), OptionalDouble.empty()));
  }
}
