package dev.farspan.runtime.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SamplerPropertiesTest {
  private static final String SEED = "20261124";
  private static final int DRAWS = 8;

  /// Quarters make ties frequent; some tokens are forbidden.
  @Provide
  Arbitrary<float[]> logits() {
    return Arbitraries.integers()
        .between(-60, 60)
        .map(i -> i == -60 ? Float.NEGATIVE_INFINITY : i / 4f)
        .array(float[].class)
        .ofMinSize(1)
        .ofMaxSize(200)
        .filter(x -> IntStream.range(0, x.length).anyMatch(i -> Float.isFinite(x[i])));
  }

  @Provide
  Arbitrary<SamplingOptions> options() {
    return Combinators.combine(
            Arbitraries.of(0.0, 0.05, 0.7, 1.0, 1.5, 30.0),
            Arbitraries.integers().between(0, 250),
            Arbitraries.doubles().between(0.01, 1),
            Arbitraries.of(0.0, 0.02, 0.1, 0.5, 1.0),
            Arbitraries.of(0.5, 1.0, 1.3),
            Arbitraries.longs())
        .as(SamplingOptions::new);
  }

  @Property(seed = SEED)
  void tokensAreThoseOfTheNaiveDefinition(
      @ForAll("logits") float[] logits,
      @ForAll("options") SamplingOptions options,
      @ForAll long historyBits) {
    BitSet history = BitSet.valueOf(new long[] {historyBits});
    history.clear(logits.length, Integer.MAX_VALUE);
    Sampler sampler = new Sampler(options);
    NaiveSampler naive = new NaiveSampler(options);
    for (int i = 0; i < DRAWS; i++) {
      assertThat(sampler.next(logits, 0, logits.length, history))
          .isEqualTo(naive.next(logits, history));
    }
  }

  @Property(seed = SEED)
  void filtersThatRemoveNothingChangeNoDraw(@ForAll("logits") float[] logits, @ForAll long seed) {
    Sampler plain = new Sampler(new SamplingOptions(1, 0, 1, 0, 1, seed));
    Sampler wide = new Sampler(new SamplingOptions(1, logits.length + 5, 1, 1e-300, 1, seed));
    for (int i = 0; i < DRAWS; i++) {
      assertThat(wide.next(logits, 0, logits.length, new BitSet()))
          .isEqualTo(plain.next(logits, 0, logits.length, new BitSet()));
    }
  }
}
