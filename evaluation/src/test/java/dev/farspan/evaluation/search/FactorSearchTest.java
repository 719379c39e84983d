package dev.farspan.evaluation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.evaluation.search.FactorSearch.Candidate;
import dev.farspan.evaluation.search.FactorSearch.Generation;
import dev.farspan.evaluation.search.FactorSearch.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// The search on a loss whose best divisors are known.
class FactorSearchTest {
  private static final int PAIRS = 8;
  private static final List<Double> HIDDEN = List.of(1.0, 1.0, 1.5, 2.0, 4.0, 6.0, 8.0, 9.0);
  private static final List<List<Double>> KNOWN =
      List.of(Collections.nCopies(PAIRS, 8.0), Collections.nCopies(PAIRS, 1.0));

  private final List<List<Double>> asked = new ArrayList<>();

  private double distance(List<Double> divisors) {
    asked.add(divisors);
    double sum = 0;
    for (int i = 0; i < PAIRS; i++) {
      sum += Math.abs(Math.log(divisors.get(i) / HIDDEN.get(i)));
    }
    return sum;
  }

  private Candidate search(Settings settings, List<Generation> generations) {
    return new FactorSearch(PAIRS, 8, settings, this::distance).run(KNOWN, generations::add);
  }

  @Test
  void thePapersSearchComesFarCloserThanWhatItBeganWith() {
    List<Generation> generations = new ArrayList<>();
    Candidate best = search(Settings.PAPER, generations);
    double began = Math.min(distance(KNOWN.getFirst()), distance(KNOWN.getLast()));
    assertThat(best.loss()).isLessThan(began / 8).isEqualTo(distance(best.divisors()));
    assertThat(generations).hasSize(41);
    assertThat(generations.getLast().best()).isEqualTo(best);
    for (int g = 1; g < generations.size(); g++) {
      double before = generations.get(g - 1).best().loss();
      assertThat(generations.get(g).best().loss()).isLessThanOrEqualTo(before);
    }
  }

  @Test
  void everyCandidateIsOrderedInRangeAndAskedForOnce() {
    search(Settings.PAPER, new ArrayList<>());
    // Children that all have been there before are not asked for again, so it may be a few less.
    int most = Settings.PAPER.candidates(KNOWN.size());
    assertThat(asked).doesNotHaveDuplicates().hasSizeBetween(most * 9 / 10, most);
    assertThat(asked).allSatisfy(FactorSearchTest::isOrdered);
  }

  private static void isOrdered(List<Double> divisors) {
    assertThat(divisors).hasSize(PAIRS).isSorted().allMatch(d -> d >= 1 && d <= 10);
  }

  @Test
  void theSameSeedAsksTheSameAndAnotherDoesNot() {
    search(Settings.of(16, 5, 3), new ArrayList<>());
    List<List<Double>> first = List.copyOf(asked);
    asked.clear();
    search(Settings.of(16, 5, 3), new ArrayList<>());
    assertThat(asked).isEqualTo(first);
    asked.clear();
    search(Settings.of(16, 5, 4), new ArrayList<>());
    assertThat(asked).isNotEqualTo(first);
  }

  @Test
  void withoutGenerationsTheBestOfTheFirstIsTaken() {
    Candidate best = search(Settings.of(1, 0, 1), new ArrayList<>());
    assertThat(KNOWN).contains(best.divisors());
    assertThat(asked).isEqualTo(KNOWN);
  }

  @RepeatedTest(20)
  void mutantsAndChildrenKeepTheOrder() {
    SplittableRandom random = new SplittableRandom();
    FactorRange range = new FactorRange(PAIRS, 8);
    List<Double> one = range.mutant(KNOWN.getFirst(), 1, random);
    List<Double> other = range.mutant(KNOWN.getLast(), 0.5, random);
    isOrdered(one);
    isOrdered(other);
    isOrdered(range.child(one, other, random));
  }

  @Test
  void whatMakesNoSearchIsRefused() {
    assertThatThrownBy(() -> new FactorSearch(PAIRS, 1, Settings.PAPER, this::distance))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a length beyond the trained one");
    assertThatThrownBy(() -> Settings.of(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Settings(1, 1, 1, 1, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a chance is more than 0");
  }
}
