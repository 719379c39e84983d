package dev.farspan.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrigramTest {
  private static final int VOCAB = 7;

  @Test
  void probabilitiesOfEveryContextSumToOne() {
    Trigram model = new Trigram(Corpus.of(new Random(1).ints(60, 0, 5).toArray()), VOCAB);
    for (int before = 0; before < VOCAB; before++) {
      for (int last = 0; last < VOCAB; last++) {
        int u = before;
        int v = last;
        double sum = IntStream.range(0, VOCAB).mapToDouble(w -> model.probability(u, v, w)).sum();
        assertThat(sum).isCloseTo(1, within(1e-12));
      }
    }
  }

  @Test
  void theLossOfWhatTwoTokensDecideIsSmallAndOfChanceIsThatOfChance() {
    int[] cycle = IntStream.range(0, 3000).map(i -> new int[] {1, 2, 1, 3, 4, 4}[i % 6]).toArray();
    assertThat(new Trigram(Corpus.of(cycle), VOCAB).loss(Corpus.of(cycle))).isLessThan(0.01);
    int[] random = new Random(2).ints(200_000, 0, VOCAB).toArray();
    assertThat(new Trigram(Corpus.of(random), VOCAB).loss(Corpus.of(random)))
        .isCloseTo(Math.log(VOCAB), within(0.01));
  }
}
