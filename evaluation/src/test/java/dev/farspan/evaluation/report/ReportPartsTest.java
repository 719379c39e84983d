package dev.farspan.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportPartsTest {
  @Test
  void aHeatMapHasDepthDownAndLengthAcrossInRedYellowAndGreen() {
    String svg =
        new HeatMap("yarn <2>", List.of(4096, 8192), List.of(0.0, 100.0), scores(0, 0.5, 1, 1))
            .svg();
    assertThat(svg).contains("yarn &lt;2&gt;", ">4k<", ">8k<", ">0 %<", ">100 %<");
    // by row: depth 0 first; 0 is red, a half yellow, 1 green
    assertThat(svg.indexOf("#f0496e")).isPositive().isLessThan(svg.indexOf("#ebb839"));
    assertThat(svg.indexOf("#ebb839")).isLessThan(svg.indexOf("#0cd79f"));
    assertThat(svg.split("#0cd79f", -1)).hasSize(3);
  }

  private static List<List<Double>> scores(double a, double b, double c, double d) {
    return List.of(List.of(a, b), List.of(c, d));
  }

  @Test
  void whatWasNotMeasuredIsGreyAndCountsNot() {
    HeatMap map = new HeatMap("m", List.of(1, 2), List.of(0.0, 1.0), scores(Double.NaN, 1, 0.5, 0));
    assertThat(map.svg()).contains("#e2e8f0");
    assertThat(map.mean()).isEqualTo(0.5);
  }

  @Test
  void aMatrixOfAnotherShapeAndAScoreOutsideItsRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HeatMap("m", List.of(1), List.of(0.0), scores(0, 0, 0, 0)))
        .withMessageContaining("1 rows of 1 scores");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HeatMap("m", List.of(1, 2), List.of(0.0, 1.0), scores(0, 0, 0, 1.5)))
        .withMessageContaining("1.5");
  }

  @Test
  void theEffectiveLengthIsTheLongestWhoseMeanReachesTheThreshold() {
    assertThat(table(90, 86, 84, 88).effectiveLength()).hasValue(8); // means 87 and 87
    assertThat(table(90, 70, 84, 88).effectiveLength()).hasValue(4); // means 87 and 79
    assertThat(table(80, 70, 84, 88).effectiveLength()).isEmpty(); // means 82 and 79
    assertThat(table(90, Double.NaN, 84, 88).effectiveLength()).hasValue(4);
  }

  private static TaskTable table(double a, double b, double c, double d) {
    return new TaskTable("none", List.of(4, 8), List.of("vt", "cwe"), scores(a, b, c, d), 85.6);
  }

  @Test
  void aNeedleMapIsAsWideAsItsTitle() {
    String title = "passkey, self-extend:group=19,window=57";
    String svg = new HeatMap(title, List.of(256), List.of(50.0), List.of(List.of(1.0))).svg();
    // about half of its 14 px for each letter, the mean besides
    assertThat(svg).containsPattern("viewBox=\"0 0 (3[5-9]\\d|4\\d\\d) ");
    assertThat(new HeatMap("a, b", List.of(256), List.of(50.0), List.of(List.of(1.0))).svg())
        .contains("viewBox=\"0 0 300 ");
  }
}
