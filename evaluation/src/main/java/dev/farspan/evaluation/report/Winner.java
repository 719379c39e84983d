package dev.farspan.evaluation.report;

import dev.farspan.evaluation.perplexity.Interval;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.perplexity.PerplexityRow;
import java.util.Comparator;
import java.util.List;

/// Says in one sentence which method reads best where the context is longest.
final class Winner {
  private Winner() {}

  static String sentence(Perplexities perplexities, List<PerplexityRow> rows) {
    int longest = rows.stream().mapToInt(PerplexityRow::length).max().orElse(0);
    List<PerplexityRow> there =
        rows.stream()
            .filter(row -> row.length() == longest)
            .sorted(Comparator.comparingDouble(PerplexityRow::loss))
            .toList();
    if (there.isEmpty()) {
      return "Nothing has been measured yet.";
    }
    PerplexityRow best = there.getFirst();
    String at =
        "At %s tokens %s has a perplexity of %s"
            .formatted(
                Markup.count(longest), best.method(), PerplexityReport.number(best.perplexity()));
    if (there.size() == 1) {
      return at + ".";
    }
    PerplexityRow second = there.get(1);
    String against =
        "%s (%s)".formatted(second.method(), PerplexityReport.number(second.perplexity()));
    Interval gap = perplexities.advantage(best.method(), second.method(), longest);
    return gap.isPositive()
        ? at + ", the lowest; " + against + " follows, and the difference holds at 95 % confidence."
        : at + ", the lowest, but the text is too short to tell it from " + against + ".";
  }
}
