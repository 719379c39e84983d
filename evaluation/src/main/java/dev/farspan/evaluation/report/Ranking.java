package dev.farspan.evaluation.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Says in one sentence who scored most.
final class Ranking {
  private Ranking() {}

  /// A method and its mean score in percent.
  record Score(String method, double percent) {
    @Override
    public String toString() {
      return method + " " + rounded() + " %";
    }

    private long rounded() {
      return Math.round(percent);
    }
  }

  /// Such as `Passkey: dynamic-yarn 67 %, ahead of none 47 %.`
  static String sentence(String task, List<Score> scores) {
    List<Score> ranked =
        scores.stream().sorted(Comparator.comparingDouble(Score::percent).reversed()).toList();
    long most = ranked.getFirst().rounded();
    List<Score> first = ranked.stream().filter(score -> score.rounded() == most).toList();
    List<Score> others = ranked.subList(first.size(), ranked.size());
    String name = task.substring(0, 1).toUpperCase(Locale.ROOT) + task.substring(1);
    if (most == 0) {
      return name + ": no method scores.";
    }
    return name
        + ": "
        + join(first)
        + (others.isEmpty() ? ", all level." : ", ahead of " + join(others) + ".");
  }

  private static String join(List<Score> scores) {
    return scores.stream().map(Score::toString).collect(Collectors.joining(", "));
  }
}
