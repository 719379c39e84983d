package dev.farspan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.bench.Fit.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class FitTest {
  @Test
  void pointsOnALineGiveIt() {
    Fit fit = Fit.of(List.of(new Point(0, 3), new Point(2, 4), new Point(10, 8)));
    assertThat(fit.start()).isEqualTo(3, within(1e-12));
    assertThat(fit.slope()).isEqualTo(0.5, within(1e-12));
    assertThat(fit.share()).isEqualTo(1, within(1e-12));
  }

  /// By hand: means 1 and 1, sums of squares 2, 2 and 1, so a slope of 1/2 and R squared of 1/4.
  @Test
  void pointsOffALineGiveTheClosest() {
    Fit fit = Fit.of(List.of(new Point(0, 0), new Point(1, 2), new Point(2, 1)));
    assertThat(fit.start()).isEqualTo(0.5, within(1e-12));
    assertThat(fit.slope()).isEqualTo(0.5, within(1e-12));
    assertThat(fit.share()).isEqualTo(0.25, within(1e-12));
  }

  @Test
  void oneAbscissaGivesNoLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fit.of(List.of(new Point(1, 1), new Point(1, 2))));
  }
}
