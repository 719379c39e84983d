package dev.farspan.evaluation.search;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Which divisors a search considers: one for each pair of dimensions, none smaller than the one
/// before it, from 1 to 1.25 times the extension ratio in steps of 0.01 (arXiv 2402.13753, section
/// 3.2 and table 1).
///
/// @param pairs pairs of rotated dimensions
/// @param ratio length to reach over the trained length
record FactorRange(int pairs, double ratio) {
  private static final double BEYOND = 1.25;
  private static final double STEPS = 100; // of 1

  FactorRange {
    if (!(ratio > 1)) {
      throw new IllegalArgumentException(
          "a search needs a length beyond the trained one, got a ratio of " + ratio);
    }
  }

  double largest() {
    return BEYOND * ratio;
  }

  /// Draws some divisors anew, each between its neighbours, so that the order holds.
  ///
  /// @param chance how likely each is drawn
  List<Double> mutant(List<Double> of, double chance, RandomGenerator random) {
    List<Double> drawn = new ArrayList<>(of);
    for (int i = 0; i < pairs; i++) {
      if (random.nextDouble() < chance) {
        double low = i == 0 ? 1 : drawn.get(i - 1);
        double high = i == pairs - 1 ? largest() : drawn.get(i + 1);
        drawn.set(i, Math.clamp(step(low + random.nextDouble() * (high - low)), low, high));
      }
    }
    return drawn;
  }

  /// Takes each divisor from one of two parents, and lifts those that came out below the one before
  /// them.
  List<Double> child(List<Double> one, List<Double> other, RandomGenerator random) {
    List<Double> mixed = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      mixed.add(random.nextBoolean() ? one.get(i) : other.get(i));
    }
    return ordered(mixed);
  }

  /// Lifts divisors that are below the one before them, or below 1.
  static List<Double> ordered(List<Double> divisors) {
    List<Double> lifted = new ArrayList<>();
    double before = 1;
    for (double divisor : divisors) {
      before = Math.max(before, divisor);
      lifted.add(before);
    }
    return lifted;
  }

  private static double step(double divisor) {
    return Math.round(divisor * STEPS) / STEPS;
  }
}
