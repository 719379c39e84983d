package dev.farspan.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final int TOKENS = 10_000;

  /// Feeds blocks of 500 tokens whose tokens cost `a + b * position` seconds; returns the cost of
  /// all after `end`.
  private static double feed(Pace pace, double a, double b, int end) {
    double seconds = 0;
    double left = 0;
    for (int from = 0; from < TOKENS; from += 500) {
      double cost = 500 * (a + b * (from + 250));
      seconds += cost;
      if (from + 500 <= end) {
        pace.reached(from + 500, (long) (seconds * 1e9));
      } else {
        left += cost;
      }
    }
    return left;
  }

  @Test
  void aPassThatSlowsWithLengthIsPredictedToItsEnd() {
    Pace pace = new Pace(TOKENS, 0);
    double left = feed(pace, 0.001, 1e-6, 2000);
    assertThat(pace.secondsLeft()).isCloseTo(left, within(1e-3)); // nanoseconds are whole
    assertThat(pace.secondsOfAll()).isCloseTo(10 + 50, within(1e-3));
    assertThat(pace.rate()).isCloseTo(1 / (0.001 + 1750e-6), within(1e-3));
  }

  @Test
  void aSteadyPassIsPredictedFromItsFirstBlock() {
    Pace pace = new Pace(TOKENS, 0);
    double left = feed(pace, 0.002, 0, 500);
    assertThat(pace.secondsLeft()).isCloseTo(left, within(1e-3));
  }

  @Test
  void aPassThatSeemsToSpeedUpIsTakenAsSteady() {
    Pace pace = new Pace(TOKENS, 0);
    feed(pace, 0.01, -5e-7, 5000);
    assertThat(pace.secondsLeft()).isPositive();
  }

  @Test
  void beforeTheFirstBlockNothingIsPredicted() {
    assertThat(new Pace(TOKENS, 5).secondsLeft()).isZero();
  }
}
