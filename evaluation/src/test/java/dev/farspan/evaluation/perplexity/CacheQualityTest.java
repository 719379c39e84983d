package dev.farspan.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.Comparison;
import dev.farspan.evaluation.ComparisonListener;
import dev.farspan.evaluation.CurveStore;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CacheQualityTest {
  private static final int TOKENS = 400; // several pages of 64 and more than one block of 256

  @Test
  void coarserTypesDivergeMoreAndLossesAreThoseOfACompleteReading() {
    int[] tokens = new Random(3).ints(TOKENS, 0, 257).toArray();
    List<CacheType> types =
        Stream.of("f32", "f16", "bf16", "q8_0", "q4_0", "q8_0/q4_0").map(CacheType::parse).toList();
    try (Model model =
        Model.open(Path.of("../runtime/src/test/resources/golden/tiny/llama-default"), 1)) {
      long[] read = {0};
      List<CacheQualityRow> rows =
          new CacheQuality(model.decoder(), tokens, MethodSpec.parse("none"))
              .measure(types, at -> read[0] = at);
      assertThat(rows).extracting(CacheQualityRow::type).containsExactlyElementsOf(types);
      assertThat(read[0]).isEqualTo(types.size() * (TOKENS - 1L));
      CacheQualityRow exact = rows.getFirst();
      assertThat(exact.sameTop()).isEqualTo(1);
      assertThat(exact.difference().mean()).isZero();
      assertThat(exact.divergence().mean()).isCloseTo(0, within(1e-6)); // probabilities are floats
      double[] kl = rows.stream().mapToDouble(row -> row.divergence().mean()).toArray();
      assertThat(kl[1]).isPositive().isLessThan(kl[2]); // f16 keeps 11 bits, bf16 8
      assertThat(kl[2]).isLessThan(kl[4]);
      assertThat(kl[3]).isLessThan(kl[4]);
      assertThat(kl[5]).isBetween(kl[3], kl[4]);
      for (CacheQualityRow row : rows) {
        double mean =
            Comparison.of(model.decoder(), tokens, Bands.doubling(TOKENS), row.type())
                .run(List.of(MethodSpec.parse("none")), CurveStore.NONE, ComparisonListener.NONE)
                .getFirst()
                .mean();
        assertThat(row.loss()).isCloseTo(mean, within(1e-4)); // sums of floats in another order
        assertThat(row.difference().mean()).isCloseTo(row.loss() - exact.loss(), within(1e-9));
      }
    }
  }

  @Test
  void theDivergenceIsThatOfTheDefinition() {
    CacheQuality.Distributions exact = new CacheQuality.Distributions(1, 3);
    float[] p = {0, 1, 2};
    float[] q = {1, 1, 0};
    exact.from(0, new Divergence(new int[] {0, 1}, exact)).accept(0, p, 0);
    double zp = 1 + Math.E + Math.E * Math.E;
    double zq = 2 * Math.E + 1;
    double expected = 0;
    for (int i = 0; i < 3; i++) {
      double pi = Math.exp(p[i]) / zp;
      expected += pi * Math.log(pi / (Math.exp(q[i]) / zq));
    }
    assertThat(exact.divergence(0, q, 0, Math.log(zq))).isCloseTo(expected, within(1e-6));
  }
}
