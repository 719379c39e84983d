package dev.farspan.planner.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.planner.shape.KnownShapes;
import dev.farspan.planner.training.TrainingCost.Square;
import org.junit.jupiter.api.Test;

class TrainingCostTest {
  private static final TrainingCost LLAMA =
      TrainingCost.of(KnownShapes.named("llama2-7b").config());

  @Test
  void aTokenCostsSixForEachParameterAndTwelveForEachElementOfAScore() {
    // N without the embedding: 32 * (4 * 4096^2 + 3 * 4096 * 11008) + 32000 * 4096
    assertThat(LLAMA.matrixFlops()).isEqualTo(6.0 * 6_607_077_376L);
    assertThat(LLAMA.attentionFlops(4096, Square.FULL)).isEqualTo(12.0 * 32 * 4096 * 4096);
    assertThat(LLAMA.attentionFlops(4096, Square.CAUSAL)).isEqualTo(6.0 * 32 * 4096 * 4096);
  }

  @Test
  void thirtyTwoTimesTheLengthIsThirtyTwoTimesTheCostWithoutAttentionOnly() {
    TrainingCost noAttention = new TrainingCost(LLAMA.multiplied(), 0);
    // No attention, no square: exactly the ratio of the lengths.
    assertThat(noAttention.sequenceRatio(4096, 131_072, Square.FULL)).isEqualTo(32.0);
    // (6 N + 12 * 536870912 / ... ): 3.964e10 + 2.062e11 over 3.964e10 + 6.442e9, times 32
    double by = (39.642e9 + 206.158e9) / (39.642e9 + 6.442e9) * 32;
    // Figures above have four digits.
    assertThat(LLAMA.sequenceRatio(4096, 131_072, Square.FULL)).isCloseTo(by, within(0.1));
  }

  @Test
  void recipesReadWhatTheirPapersRead() {
    assertThat(Recipe.ALL)
        .extracting(recipe -> recipe.length(4096, 131_072))
        .containsExactly(131_072, 65_536, 131_072, 4096);
    Recipe yarn = Recipe.ALL.get(1);
    assertThat(yarn.tokens(65_536)).isEqualTo(600.0 * 64 * 65_536);
  }
}
