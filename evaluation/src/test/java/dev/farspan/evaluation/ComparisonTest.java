package dev.farspan.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.ComparisonListener.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final FakePasses passes = new FakePasses();
  private final List<Progress> progress = new ArrayList<>();
  private final List<String> results = new ArrayList<>();
  private final Map<String, LossCurve> kept = new HashMap<>();

  private final CurveStore store =
      new CurveStore() {
        @Override
        public Optional<LossCurve> find(String method) {
          return Optional.ofNullable(kept.get(method));
        }

        @Override
        public void keep(LossCurve curve) {
          kept.put(curve.method(), curve);
        }
      };

  private final ComparisonListener listener =
      new ComparisonListener() {
        @Override
        public void onProgress(Progress now) {
          progress.add(now);
        }

        @Override
        public void onCurve(int index, LossCurve curve, boolean stored) {
          results.add(index + " " + curve.method() + " " + stored);
        }
      };

  private List<LossCurve> run(String... methods) {
    Bands bands = new Bands(List.of(4, 16));
    return new Comparison(new int[12], bands, passes, () -> passes.nanos)
        .run(Stream.of(methods).map(MethodSpec::parse).toList(), store, listener);
  }

  @Test
  void everyMethodReadsTheTextInASessionOfItsOwn() {
    List<LossCurve> curves = run("none", "yarn:factor=2");
    assertThat(passes.log)
        .containsExactly("open none", "close none", "open yarn:factor=2", "close yarn:factor=2");
    assertThat(curves).extracting(LossCurve::method).containsExactly("none", "yarn:factor=2");
    // the text is all token 0: ln(1 + exp(-logit)), and one rounding of a float
    assertThat(curves.get(0).mean()).isCloseTo(Math.log1p(Math.exp(-4)), within(1e-7));
    assertThat(curves.get(1).bands().get(1).loss())
        .isCloseTo(Math.log1p(Math.exp(-13)), within(1e-7));
    assertThat(results).containsExactly("0 none false", "1 yarn:factor=2 false");
  }

  @Test
  void progressTellsRateAndPredictedEnd() {
    run("none", "yarn:factor=2", "dynamic-ntk");
    assertThat(progress).hasSize(9);
    assertThat(progress.get(0))
        .isEqualTo(
            new Progress(0, "none", 4, 12, 4.0, Duration.ofSeconds(2), Duration.ofSeconds(8)));
    assertThat(progress.get(5).left()).isEqualTo(Duration.ofSeconds(3));
    assertThat(progress.get(8).left()).isZero();
  }

  @Test
  void methodsMeasuredBeforeAreNotMeasuredAgain() {
    List<LossCurve> first = run("none");
    passes.log.clear();
    results.clear();
    List<LossCurve> both = run("dynamic-ntk", "none");
    assertThat(passes.log).containsExactly("open dynamic-ntk", "close dynamic-ntk");
    assertThat(both.get(1)).isEqualTo(first.getFirst());
    assertThat(results).containsExactly("0 dynamic-ntk false", "1 none true");
    // a stored method costs no time
    assertThat(progress.get(3).left()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void whatWasMeasuredBeforeAFailureIsKept() {
    assertThatIllegalArgumentException().isThrownBy(() -> run("none", "window:size=9"));
    assertThat(kept).containsOnlyKeys("none");
  }
}
