package dev.farspan.evaluation.advice;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.perplexity.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The method that is recommended, and why.
///
/// A method that finds fewer needles than the one that finds most is out, where 95 % of bootstrap
/// samples say so: a low loss can come from the last words alone. Of the others, those whose loss
/// beyond the trained length cannot be told from the lowest (paired bootstrap over blocks) are
/// level. Among them who loses nothing on short prompts comes first, then the cheapest, for what
/// costs more must gain for sure, then who found most, then the lowest loss.
///
/// @param method the method
/// @param level finalists that were not told from it
/// @param blind finalists that found too few needles
public record Verdict(MethodSpec method, List<MethodSpec> level, List<MethodSpec> blind) {
  /// Nats below which a difference on short prompts is rounding.
  static final double NOTHING = 0.001;

  /// Times and sizes closer than this are the same.
  private static final double SLACK = 1.1;

  /// Copies the lists.
  public Verdict {
    level = List.copyOf(level);
    blind = List.copyOf(blind);
  }

  /// Returns what was measured in one word.
  ///
  /// @param field what was measured; at least one finalist
  /// @return the recommendation
  public static Verdict of(Field field) {
    List<MethodSpec> finalists = field.outcome().finalists();
    List<MethodSpec> blind = finalists.stream().filter(m -> isBlind(field, m)).toList();
    List<MethodSpec> sighted = finalists.stream().filter(m -> !blind.contains(m)).toList();
    MethodSpec best = sighted.getFirst(); // they stand in the order of their loss
    List<MethodSpec> level =
        sighted.stream()
            .filter(m -> m.equals(best) || !field.advantage(best, m).isPositive())
            .toList();
    MethodSpec chosen = cheapest(field, level);
    List<MethodSpec> others = level.stream().filter(m -> !m.equals(chosen)).toList();
    return new Verdict(chosen, others, blind);
  }

  private static boolean isBlind(Field field, MethodSpec method) {
    List<Double> own = field.found(method);
    return !own.isEmpty()
        && field.outcome().finalists().stream()
            .map(field::found)
            .filter(other -> other.size() == own.size())
            .anyMatch(other -> Interval.ofDifference(other, own).isPositive());
  }

  private static MethodSpec cheapest(Field field, List<MethodSpec> level) {
    List<MethodSpec> left = new ArrayList<>(level);
    if (left.stream().anyMatch(m -> isHarmless(field, m))) {
      left.removeIf(m -> !isHarmless(field, m));
    }
    double seconds = left.stream().mapToDouble(field::seconds).min().orElseThrow();
    left.removeIf(m -> field.seconds(m) > SLACK * seconds);
    long bytes = left.stream().mapToLong(m -> field.cacheBytes(m)).min().orElseThrow();
    left.removeIf(m -> field.cacheBytes(m) > SLACK * bytes);
    return left.stream()
        .min(
            Comparator.comparingDouble((MethodSpec m) -> -sum(field.found(m)))
                .thenComparingDouble(field::lossBeyond))
        .orElseThrow();
  }

  private static double sum(List<Double> scores) {
    return scores.stream().mapToDouble(score -> score).sum();
  }

  static boolean isHarmless(Field field, MethodSpec method) {
    return field.shortLoss(method).orElse(0) < NOTHING;
  }
}
