package dev.farspan.planner.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownShapesTest {
  /// Parameters of the published weights, which the sizes have to add up to.
  private static final Map<String, Long> PUBLISHED =
      Map.of(
          "llama2-7b", 6_738_415_616L,
          "llama2-13b", 13_015_864_320L,
          "llama2-70b", 68_976_648_192L,
          "llama3-8b", 8_030_261_248L,
          "llama3-70b", 70_553_706_496L,
          "llama3.1-8b", 8_030_261_248L,
          "llama3.1-70b", 70_553_706_496L,
          "llama3.1-405b", 405_853_388_800L,
          "qwen2.5-7b", 7_615_616_512L,
          "qwen2.5-72b", 72_706_203_648L);

  @Test
  void sizesAddUpToThePublishedParameters() {
    assertThat(KnownShapes.names()).containsExactlyInAnyOrderElementsOf(PUBLISHED.keySet());
    PUBLISHED.forEach(
        (name, parameters) -> {
          double computed = MatrixCount.of(KnownShapes.named(name).config()).parameters();
          // Norms and biases are not counted: below 0.01 % of the smallest of these.
          assertThat(computed / parameters).as(name).isCloseTo(1, within(1e-4));
        });
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> KnownShapes.named("llama9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no shape 'llama9' is known")
        .hasMessageContaining("llama2-70b");
  }

  @Test
  void aNumberOfParametersGivesTheFeedForwardSize() {
    Sizes llama = KnownShapes.named("llama2-70b");
    Sizes open = new Sizes(80, 8192, 64, 8, 128, 0, 32000, 4096);
    long parameters = MatrixCount.of(llama.config()).parameters();
    assertThat(Sizes.ofParameters(parameters, open)).isEqualTo(llama);
    assertThatThrownBy(() -> Sizes.ofParameters(1_000_000, open))
        .hasMessageContaining("do not make a model of these sizes");
  }
}
