package dev.farspan.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.evaluation.report.Ranking.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {
  @Test
  void whoScoredMostIsNamedFirstAndEqualsTogether() {
    Score none = new Score("none", 46.7);
    Score auto = new Score("auto", 66.7);
    assertThat(Ranking.sentence("passkey", List.of(none, auto)))
        .isEqualTo("Passkey: auto 67 %, ahead of none 47 %.");
    assertThat(Ranking.sentence("passkey", List.of(auto, none, new Score("ntk", 66.9))))
        .isEqualTo("Passkey: ntk 67 %, auto 67 %, ahead of none 47 %.");
    assertThat(Ranking.sentence("niah", List.of(none, new Score("auto", 46.7))))
        .isEqualTo("Niah: none 47 %, auto 47 %, all level.");
    assertThat(Ranking.sentence("niah", List.of(new Score("none", 0.2), new Score("auto", 0))))
        .isEqualTo("Niah: no method scores.");
  }
}
