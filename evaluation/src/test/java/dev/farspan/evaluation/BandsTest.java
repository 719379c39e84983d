package dev.farspan.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.evaluation.Bands.Range;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BandsTest {
  @Test
  void defaultBandsDoubleFrom256AndCoverTheText() {
    assertThat(Bands.doubling(1500).ends()).containsExactly(256, 512, 1024, 2048);
    assertThat(Bands.doubling(1024).ends()).containsExactly(256, 512, 1024);
    assertThat(Bands.doubling(10).ends()).containsExactly(256);
  }

  @Test
  void bandsAroundTheTrainedLengthEndAtItAndAreAQuarterOfItWideBeyond() {
    assertThat(Bands.around(2048, 3500).ends())
        .containsExactly(256, 512, 1024, 2048, 2560, 3072, 3584);
    assertThat(Bands.around(700, 800).ends()).containsExactly(256, 512, 700, 875);
    assertThat(Bands.around(128, 200).ends()).containsExactly(128, 160, 192, 224);
    assertThat(Bands.around(2, 4).ends()).containsExactly(2, 3, 4);
  }

  @Test
  void theLastBandIsCutToTheText() {
    assertThat(new Bands(List.of(4, 100)).ranges(10))
        .containsExactly(new Range(0, 4), new Range(4, 10));
  }

  @Test
  void bandsBeyondTheTextAndOneThatHoldsTheLastTokenAloneAreLeftOut() {
    assertThat(new Bands(List.of(4, 8, 16)).ranges(5)).containsExactly(new Range(0, 4));
    assertThat(new Bands(List.of(4, 8, 16)).ranges(6))
        .containsExactly(new Range(0, 4), new Range(4, 6));
    assertThat(new Bands(List.of(1)).ranges(1)).isEmpty();
  }

  @Property(seed = "20261124")
  void rangesAdjoinAndReachTheEndOfTheText(
      @ForAll @IntRange(min = 1, max = 20_000) int trained,
      @ForAll @IntRange(min = 2, max = 60_000) int tokens) {
    int end = 0;
    for (Range range : Bands.around(trained, tokens).ranges(tokens)) {
      assertThat(range.from()).isEqualTo(end);
      assertThat(range.to()).isGreaterThan(range.from());
      end = range.to();
    }
    assertThat(end).isBetween(tokens - 1, tokens);
  }

  @Test
  void endsThatDoNotAscendAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Bands(List.of(4, 4)))
        .withMessage("the upper ends of bands must ascend from above 0, but 4 follows 4");
    assertThatIllegalArgumentException().isThrownBy(() -> new Bands(List.of(0)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Bands(List.of()));
  }
}
