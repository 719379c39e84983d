package dev.farspan.runtime.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
  private static final BitSet NOTHING = new BitSet();
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  private static int[] draws(SamplingOptions options, int count, float... logits) {
    Sampler sampler = new Sampler(options);
    return IntStream.range(0, count)
        .map(_ -> sampler.next(logits, 0, logits.length, NOTHING))
        .toArray();
  }

  private static SamplingOptions temperature(double temperature, long seed) {
    return new SamplingOptions(temperature, 0, 1, 0, 1, seed);
  }

  @Test
  void greedyTakesTheFirstOfTheLargest() {
    assertThat(draws(SamplingOptions.GREEDY, 1, 1, 3, 2, 3)).containsExactly(1);
  }

  @Test
  void greedyReadsOnlyItsOwnRow() {
    float[] rows = {9, 1, 2, 0, 9};
    assertThat(new Sampler(SamplingOptions.GREEDY).next(rows, 1, 3, NOTHING)).isEqualTo(1);
  }

  @Test
  void thePenaltyLowersLogitsOfEitherSignAndLeavesTheInputAlone() {
    float[] logits = {2f, 1.9f, -1f, -1.1f};
    Sampler sampler = new Sampler(new SamplingOptions(0, 0, 1, 0, 1.2, 0));
    BitSet history = new BitSet();
    history.set(0);
    assertThat(sampler.next(logits, 0, 2, history)).isEqualTo(1);
    assertThat(sampler.next(logits, 2, 2, history)).isEqualTo(1);
    assertThat(logits).containsExactly(2f, 1.9f, -1f, -1.1f);
  }

  @Test
  void theSameSeedGivesTheSameTokensAndAnotherSeedOthers() {
    float[] flat = new float[50];
    int[] first = draws(temperature(1, 7), 40, flat);
    assertThat(draws(temperature(1, 7), 40, flat)).isEqualTo(first);
    assertThat(draws(temperature(1, 8), 40, flat)).isNotEqualTo(first);
  }

  /// The first numbers that the named generator gives for the seed, so that a change of generator
  /// cannot go unseen.
  @Test
  void aSeedMeansTheSameTokensForEver() {
    assertThat(draws(temperature(1, 42), 8, new float[1000])).containsExactly(GOLDEN);
  }

  private static final int[] GOLDEN = {696, 670, 707, 815, 531, 110, 539, 895};

  /// Chi-square over 6 tokens, 5 degrees of freedom: a right sampler exceeds 20.5 with probability
  /// 0.001, and the seed is fixed, so it either does or does not.
  @ParameterizedTest
  @CsvSource({"0.5", "1", "2"})
  void tokensComeAsOftenAsTheSoftmaxSays(double temperature) {
    float[] logits = {0.3f, -1f, 1.2f, 0f, 0.7f, -0.4f};
    int count = 60_000;
    int[] seen = new int[logits.length];
    for (int id : draws(temperature(temperature, 1), count, logits)) {
      seen[id]++;
    }
    double total = 0;
    for (float x : logits) {
      total += Math.exp(x / temperature);
    }
    double chiSquare = 0;
    for (int id = 0; id < logits.length; id++) {
      double expected = count * Math.exp(logits[id] / temperature) / total;
      chiSquare += (seen[id] - expected) * (seen[id] - expected) / expected;
    }
    assertThat(chiSquare).isLessThan(20.5);
  }

  @Test
  void equalLogitsAreDrawnEquallyOftenAndTopKKeepsTies() {
    SamplingOptions topOne = new SamplingOptions(1, 1, 1, 0, 1, 3);
    long zeros = IntStream.of(draws(topOne, 10_000, 5, 5)).filter(id -> id == 0).count();
    // 10,000 fair coins: five standard deviations are 250.
    assertThat((double) zeros).isCloseTo(5000, within(250.0));
  }

  @Test
  void topPKeepsTheEarlierOfEqualTokens() {
    assertThat(draws(new SamplingOptions(1, 0, 0.5, 0, 1, 3), 100, 5, 5)).containsOnly(0);
  }

  @Test
  void aTokenWithNegativeInfinityIsNeverDrawn() {
    assertThat(draws(new SamplingOptions(1, 3, 0.999, 0, 1, 3), 200, NEVER, 1, NEVER, 1))
        .containsOnly(1, 3);
    assertThat(draws(temperature(1e6, 3), 200, NEVER, 1, NEVER, 0)).containsOnly(1, 3);
  }

  @Test
  void topKBeyondTheVocabularyKeepsAll() {
    assertThat(draws(new SamplingOptions(1, 99, 1, 0, 1, 3), 200, 1, 1, 1)).containsOnly(0, 1, 2);
  }

  @Test
  void temperaturesNearZeroAreGreedyAndDoNotOverflow() {
    assertThat(draws(temperature(1e-300, 3), 50, 1, 1.0001f, -3e38f)).containsOnly(1);
  }

  @Test
  void aLargeVocabularyAgreesWithTheNaiveDefinition() {
    Random random = new Random(11);
    float[] logits = new float[262_144];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian() * 4;
    }
    for (SamplingOptions options :
        new SamplingOptions[] {
          new SamplingOptions(0.8, 40, 0.95, 0.05, 1, 5),
          new SamplingOptions(1, 0, 0.9, 0, 1, 5),
          new SamplingOptions(1, 5000, 1, 0, 1, 5)
        }) {
      assertThat(new Sampler(options).next(logits, 0, logits.length, NOTHING))
          .isEqualTo(new NaiveSampler(options).next(logits, NOTHING));
    }
  }

  @Test
  void logitsThatMeanNothingAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> draws(SamplingOptions.GREEDY, 1, 0, Float.NaN))
        .withMessage("the logit of token 1 is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> draws(SamplingOptions.GREEDY, 1, Float.POSITIVE_INFINITY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> draws(SamplingOptions.GREEDY, 1, NEVER, NEVER))
        .withMessage("none of 2 tokens has a finite logit");
  }

  @Test
  void aHistoryOutsideTheVocabularyIsRefused() {
    BitSet history = new BitSet();
    history.set(4);
    Sampler sampler = new Sampler(new SamplingOptions(0, 0, 1, 0, 2, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.next(new float[4], 0, 4, history))
        .withMessage("token id 4 is not in the vocabulary of 4");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 1, 0, 1, temperature -1.0",
    "NaN, 0, 1, 0, 1, temperature NaN",
    "1, -1, 1, 0, 1, top-k -1",
    "1, 0, 0, 0, 1, top-p 0.0",
    "1, 0, 1.1, 0, 1, top-p 1.1",
    "1, 0, 1, -0.1, 1, min-p -0.1",
    "1, 0, 1, 0, 0, repetition-penalty 0.0"
  })
  void optionsOutOfRangeAreRefused(
      double temperature, int topK, double topP, double minP, double penalty, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SamplingOptions(temperature, topK, topP, minP, penalty, 0))
        .withMessageStartingWith(message + " is out of range; use ");
  }
}
