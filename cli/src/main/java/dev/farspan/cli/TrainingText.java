package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.planner.training.Recipe;
import dev.farspan.planner.training.TrainingCost;
import dev.farspan.planner.training.TrainingCost.Square;

/// What training at the length would cost, against training short and extending.
final class TrainingText {
  private final TrainingCost cost;
  private final int from;
  private final int to;
  private final double tokens;
  private final StringBuilder text = new StringBuilder();

  TrainingText(PlanReport report) {
    this.cost = report.training();
    this.from = report.shape().config().trainedLength();
    this.to = report.tokens();
    this.tokens = report.trainTokens();
  }

  String text() {
    line("\nTRAINING, 6 N + 12 L H d T operations a token (6 in place of 12 where kernels skip");
    line(
        "what is masked); N = %s, L H d = %s"
            .formatted(count(cost.multiplied()), count(cost.attention())));
    line(
        "one sequence of %s in place of %s: %.1f times without attention; with it %.1f times (%.1f)"
            .formatted(
                count(to),
                count(from),
                (double) to / from,
                cost.sequenceRatio(from, to, Square.FULL),
                cost.sequenceRatio(from, to, Square.CAUSAL)));
    line(
        "  a token: 6 N = %.3g; attention %.3g at %s, %.3g at %s: %.1f times in all (%.1f)"
            .formatted(
                cost.matrixFlops(),
                cost.attentionFlops(from, Square.FULL),
                count(from),
                cost.attentionFlops(to, Square.FULL),
                count(to),
                ratio(Square.FULL),
                ratio(Square.CAUSAL)));
    double trained = cost.flops(tokens, from, Square.FULL);
    line("trained on %.3g tokens at %s: %.3g operations".formatted(tokens, count(from), trained));
    line("  the same tokens at %s: %.3g".formatted(count(to), cost.flops(tokens, to, Square.FULL)));
    for (Recipe recipe : Recipe.ALL) {
      extended(recipe, trained);
    }
    return text.toString();
  }

  private double ratio(Square square) {
    return cost.tokenFlops(to, square) / cost.tokenFlops(from, square);
  }

  private void extended(Recipe recipe, double trained) {
    int length = recipe.length(from, to);
    double more = cost.flops(recipe.tokens(length), length, Square.FULL);
    line(
        "  extended by %s, %d steps of %d sequences at %s [%s]: %.3g more, %.2g %% of it"
            .formatted(
                recipe.name(),
                recipe.steps(),
                recipe.batch(),
                count(length),
                recipe.source(),
                more,
                100 * more / trained));
  }

  private static String count(long number) {
    return Amounts.count(number);
  }

  private void line(String sentence) {
    text.append(sentence).append("\n");
  }
}
