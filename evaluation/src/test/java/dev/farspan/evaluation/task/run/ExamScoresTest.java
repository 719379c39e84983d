package dev.farspan.evaluation.task.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamScoresTest {
  private static ExamCell cell(String task, int length, double depth, double score) {
    return new ExamCell(
        task,
        "none",
        length,
        depth,
        0,
        List.of(new ExamCell.Answer("a", "b", score, 2.5, depth)),
        1);
  }

  @Test
  void everyTaskCountsTheSameHoweverManyCellsItHas() {
    List<ExamCell> cells = new ArrayList<>();
    for (int depth = 0; depth < 9; depth++) {
      cells.add(cell("many", 100, depth, 1));
    }
    cells.add(cell("one", 100, 0, 0.5));
    ExamScores scores = new ExamScores(cells);
    assertThat(scores.average("none", 100)).isCloseTo(75, within(1e-9));
    assertThat(scores.percent(_ -> true).orElseThrow()).isCloseTo(95, within(1e-9));
    assertThat(scores.loss(_ -> true).orElseThrow()).isCloseTo(2.5, within(1e-9));
    assertThat(scores.depths("many")).hasSize(9).startsWith(0.0);
    assertThat(scores.percent(c -> c.task().equals("none"))).isEmpty();
  }

  @Test
  void needlesOfOneTextHaveALineOfTheMapEach() {
    List<ExamCell.Answer> three =
        List.of(
            new ExamCell.Answer("", "", 1, 0.5, 0),
            new ExamCell.Answer("", "", 0, 2, 40),
            new ExamCell.Answer("", "", 1, 0.5, 70));
    ExamCell sample = new ExamCell("niah", "none", 100, 0, 0, three, 1);
    ExamScores map = new ExamScores(List.of(sample)).mapped();
    assertThat(map.depths("niah")).containsExactly(0.0, 40.0, 70.0);
    assertThat(map.percent(c -> c.depth() == 40)).hasValue(0);
    assertThat(map.percent(c -> c.depth() == 70)).hasValue(100);

    ExamCell deeper = new ExamCell("niah", "none", 100, 10, 0, three, 1);
    ExamScores asked = new ExamScores(List.of(sample, deeper)).mapped();
    assertThat(asked.depths("niah")).containsExactly(0.0, 10.0);
  }

  /// The row of GPT-4-1106-preview in the table of NVIDIA/RULER's README: 4k to 128k, then wAvg
  /// (inc) and (dec).
  @Test
  void weightedAveragesAreThoseOfRulersTable() {
    double[] row = {96.6, 96.3, 95.2, 93.2, 87.0, 81.2};
    List<ExamCell> cells = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      cells.add(cell("t", 4096 << i, 0, row[i] / 100));
    }
    cells.add(new ExamCell("t", "auto", 4096, 0, 0, cells.getFirst().answers(), 1));
    ExamScores scores = new ExamScores(cells);
    assertThat(scores.rising("none")).isCloseTo(89.0, within(0.05)); // one decimal
    assertThat(scores.falling("none")).isCloseTo(94.1, within(0.05));
    // a length that was not asked does not count as 0
    assertThat(scores.rising("auto")).isCloseTo(96.6, within(1e-9));
  }

  @Test
  void aLengthIsEffectiveFromTheThresholdOn() {
    ExamScores scores =
        new ExamScores(
            List.of(
                cell("t", 100, 0, 0.90),
                cell("t", 200, 0, 0.856),
                cell("t", 400, 0, 0.855),
                cell("t", 800, 0, 0.10)));
    assertThat(scores.effectiveLength("none")).hasValue(200);
    assertThat(scores.effectiveLength("auto")).isEmpty();
    assertThat(scores.lengths()).containsExactly(100, 200, 400, 800);
  }
}
