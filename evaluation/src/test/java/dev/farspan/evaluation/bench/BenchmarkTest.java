package dev.farspan.evaluation.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.bench.BenchListener.Phase;
import dev.farspan.kernels.MachineLimits;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Time is what the clock of the test says: half a second for every look at it.
class BenchmarkTest {
  private static final MethodSpec NONE = MethodSpec.parse("none");
  private final Model model = TinyModels.open("llama-default");
  private final AtomicLong clock = new AtomicLong();
  private final List<String> heard = new ArrayList<>();

  @AfterEach
  void close() {
    model.close();
  }

  private Benchmark benchmark(int runs, Optional<MachineLimits> limits) {
    BenchOptions options = new BenchOptions(runs, 8, CacheType.F32, Duration.ofSeconds(1), limits);
    return new Benchmark(
        model,
        options,
        (phase, done, total) -> heard.add(phase + " " + done + "/" + total),
        () -> clock.addAndGet(500_000_000));
  }

  @Test
  void aRateIsTokensOverTheTimeOfARun() {
    Measurement prefill = benchmark(3, Optional.empty()).run(new BenchTest.Prefill(20), NONE);
    assertThat(prefill.rates()).containsExactly(40.0, 40.0, 40.0);
    assertThat(prefill.fraction()).isEmpty();
    Measurement decode = benchmark(2, Optional.empty()).run(new BenchTest.Decode(6, 10), NONE);
    assertThat(decode.rates()).containsExactly(12.0, 12.0);
  }

  @Test
  void theFractionIsWorkOverTimeOverTheLimit() {
    MachineLimits limits = new MachineLimits(1e9, 1e8);
    ModelWork work = new ModelWork(model.config(), model.weights(), CacheType.F32);
    Method method = Method.resolve(NONE, model.config(), 20);

    Measurement prefill = benchmark(2, Optional.of(limits)).run(new BenchTest.Prefill(20), NONE);
    double flops = work.flops(method, 0, 20, 1) / 0.5;
    assertThat(prefill.fraction().orElseThrow()).isCloseTo(flops / 1e9, within(1e-12));

    // Runs at depth go on where the last one ended: 10 to 16 and 16 to 22.
    Measurement deep = benchmark(2, Optional.of(limits)).run(new BenchTest.Decode(6, 10), NONE);
    assertThat(deep.fraction().orElseThrow())
        .isCloseTo(work.bytes(method, 10, 22) / 1e8, within(1e-12));

    // At depth 0 each starts anew.
    Measurement shallow = benchmark(2, Optional.of(limits)).run(new BenchTest.Decode(6, 0), NONE);
    assertThat(shallow.fraction().orElseThrow())
        .isCloseTo(2 * work.bytes(method, 0, 6) / 1e8, within(1e-12));
  }

  @Test
  void whatIsComputedAgainHasNoFraction() {
    Measurement row =
        benchmark(1, Optional.of(new MachineLimits(1e9, 1e8)))
            .run(new BenchTest.Decode(3, 8), MethodSpec.parse("window-recompute:size=6"));
    assertThat(row.fraction()).isEmpty();
    assertThat(row.method()).isEqualTo("window-recompute:size=6");
  }

  @Test
  void progressCountsTheTokensOfEveryRun() {
    benchmark(2, Optional.empty()).run(new BenchTest.Decode(2, 9), NONE);
    assertThat(heard)
        .containsSubsequence(
            Phase.FILLING + " 8/9",
            Phase.FILLING + " 9/9",
            Phase.TIMING + " 1/4",
            Phase.TIMING + " 4/4");
    heard.clear();
    benchmark(2, Optional.empty()).run(new BenchTest.Prefill(12), NONE);
    assertThat(heard)
        .containsExactly("TIMING 8/24", "TIMING 12/24", "TIMING 20/24", "TIMING 24/24");
  }

  @Test
  void aKindOfTestIsWarmedUpOnce() {
    Benchmark benchmark = benchmark(1, Optional.empty());
    benchmark.run(new BenchTest.Prefill(8), NONE);
    long first = clock.getAndSet(0);
    benchmark.run(new BenchTest.Prefill(8), NONE);
    assertThat(clock.get()).isEqualTo(1_000_000_000).isLessThan(first);
  }
}
