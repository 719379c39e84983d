package dev.farspan.bench;

import dev.farspan.bench.MethodStudy.Cost;
import dev.farspan.bench.MethodStudy.Costs;
import dev.farspan.bench.MethodStudy.Growth;
import dev.farspan.bench.MethodStudy.Streaming;
import java.util.List;
import java.util.Locale;

/// The section of docs/benchmarks.md on what methods cost.
///
/// @param model the model's file name
/// @param costs at some depths
/// @param growth with length and depth
/// @param streaming against recomputation
/// @param threads threads that computed
record MethodPage(
    String model, List<Costs> costs, Growth growth, Streaming streaming, int threads) {
  String section() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        Time relative to `none` in the same process: each method reads a block of 512 tokens in turn, then each writes 16 tokens in turn, 12 times; medians of
        the ratios of a round.

        | method | depth | reading | writing |
        |---|--:|--:|--:|
        """);
    for (Costs at : costs) {
      for (Cost cost : at.costs()) {
        text.append(
            "| `%s` | %,d | %s | %s |\n"
                .formatted(cost.method(), at.depth(), change(cost.read()), change(cost.write())));
      }
    }
    text.append(growth("reading", "position", growth.read()));
    text.append(growth("writing", "depth", growth.write()));
    text.append(
        """

        Writing a token that sees the last 4,096: %s with `streaming:sinks=4,window=4092` after 8,192 tokens, %s under `none` at depth 4,096 (%s),
        %s with `window-recompute:size=4096`: streaming is **%.0f times** as fast as recomputation.

        - %s, f16 cache, %d threads; %s; Java %s
        - `bench/run method-study %s`
        """
            .formatted(
                millis(streaming.streaming()),
                millis(streaming.plain()),
                change(streaming.streaming() / streaming.plain()),
                millis(streaming.recomputed()),
                streaming.recomputed() / streaming.streaming(),
                model,
                threads,
                MarkedSection.processor(),
                Runtime.version(),
                model));
    return text.toString();
  }

  private static String growth(String what, String where, List<Fit.Point> points) {
    Fit fit = Fit.of(points);
    return "\nTime of a token while %s, `none`, by %s up to %,.0f: %s and %s more for each 1,024, R² = %.4f.\n"
        .formatted(
            what,
            where,
            points.getLast().x(),
            millis(fit.start()),
            millis(1024 * fit.slope()),
            fit.share());
  }

  private static String change(double ratio) {
    return String.format(Locale.ROOT, "%+.1f %%", 100 * (ratio - 1));
  }

  private static String millis(double seconds) {
    return String.format(Locale.ROOT, "%.2f ms", 1000 * seconds);
  }
}
