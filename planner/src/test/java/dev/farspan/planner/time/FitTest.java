package dev.farspan.planner.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.planner.shape.KnownShapes;
import dev.farspan.planner.shape.MatrixCount;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FitTest {
  private static final double ROUNDING = 1e-9; // relative, of a 2 x 2 system in doubles
  private static final ModelConfig CONFIG = KnownShapes.named("llama2-7b").config();

  private static Work work(String method) {
    Method resolved = Method.resolve(MethodSpec.parse(method), CONFIG, 4096);
    return new Work(CONFIG, resolved, MatrixCount.of(CONFIG));
  }

  /// Runs of a machine that takes 2 ms a token and 3 ns a pair; writing: 5 ms and 4 ns.
  private static List<Sample> runs(Work work) {
    return Stream.of(256, 512, 1024)
        .map(
            t ->
                new Sample(
                    t, 2e-3 * t + 3e-9 * work.pairs(0, t), 5e-3 + 4e-9 * work.pairs(t, t + 1)))
        .toList();
  }

  @Test
  void fullAttentionSeesAHalfSquareOfPairsInEachLayer() {
    assertThat(work("full").pairs(0, 1000)).isEqualTo(32.0 * 1000 * 1001 / 2);
    assertThat(work("window:size=10").pairs(0, 1000)).isEqualTo(32.0 * (55 + 990 * 10));
  }

  @Test
  void exactRunsPredictLongOnesExactly() {
    for (String method : List.of("full", "window:size=300", "streaming:sinks=4,window=500")) {
      Work work = work(method);
      PrefillTime prefill = PrefillTime.fit(work, runs(work));
      double truth = 2e-3 * 8192 + 3e-9 * work.pairs(0, 8192);
      assertThat(prefill.seconds(8192) / truth).as(method).isCloseTo(1, within(ROUNDING));
      DecodeTime decode = DecodeTime.fit(work, runs(work));
      double written =
          IntStream.range(8192, 8200).mapToDouble(i -> 5e-3 + 4e-9 * work.pairs(i, i + 1)).sum();
      assertThat(decode.seconds(8192, 8200) / written).as(method).isCloseTo(1, within(ROUNDING));
    }
  }

  @Test
  void noiseNeverMakesLongRunsCheap() {
    List<Fit.Point> falling =
        List.of(new Fit.Point(1, 1, 3), new Fit.Point(2, 4, 4), new Fit.Point(4, 16, 5));
    Fit fit = Fit.of(falling);
    assertThat(fit.a()).isPositive();
    assertThat(fit.c()).isZero();
    List<Fit.Point> steep = List.of(new Fit.Point(1, 1, 0.1), new Fit.Point(2, 4, 1));
    assertThat(Fit.of(steep).a()).isZero();
    assertThat(Fit.of(steep).c()).isPositive();
  }

  @Test
  void recomputingCostsAWindowForEachToken() {
    Work work = work("window-recompute:size=1024");
    PrefillTime prefill = PrefillTime.fit(work, runs(work));
    double pass = prefill.seconds(1024);
    assertThat(prefill.seconds(5000)).isCloseTo(2 * pass, within(1e-12));
    assertThat(DecodeTime.fit(work, runs(work)).seconds(5000, 5010))
        .isCloseTo(10 * pass, within(1e-9));
  }

  @Test
  void oneLengthSaysNothingOfAnother() {
    Work work = work("full");
    assertThatThrownBy(() -> PrefillTime.fit(work, List.of(new Sample(8, 1, 1))))
        .hasMessageContaining("runs of at least two lengths");
  }
}
