package dev.farspan.evaluation.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoringTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // scoring | answer | references | score
        "all | 'they are ABC, xyz and 7' | abc;7;9 | 0.6667",
        "all | '' | abc | 0",
        "all | '1234567.' | 1234567 | 1",
        "all | '1234568' | 1234567 | 0",
        "any | 'Maybe Paris' | paris;rome | 1",
        "any | 'Par is' | paris;rome | 0",
        "first_number | ' 482. Remember it. 17' | 482 | 1",
        "first_number | ' 17, not 482' | 482 | 0",
        "first_number | ' 4827' | 482 | 0",
        "first_number | 'four' | 4 | 0",
        "recall | 'Eat a sandwich!' | eat a sandwich on a sunny day | 0.5714",
        "recall | 'eaten sandwiches' | eat a sandwich | 0",
        "label | 'The kitchen. Not the garden.' | kitchen;garden;office | 1",
        "label | 'kitchen or garden' | kitchen;garden;office | 0",
        "label | 'garden' | kitchen;garden;office | 0",
        "label | 'kitchenette' | kitchen;garden;office | 0"
      })
  void anAnswerIsWorthWhatItSays(
      String scoring, String answer, String references, double expected) {
    double score = Scoring.of(scoring).score(answer, "Where?", List.of(references.split(";", -1)));
    assertThat(score).isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-4));
  }

  @Test
  void aLabelOfTheQuestionIsNoAnswer() {
    List<String> labels = List.of("kitchen", "garden", "office");
    assertThat(Scoring.LABEL.score("from the garden to the kitchen", "left the garden?", labels))
        .isEqualTo(1);
  }

  @Test
  void controlCharactersCountAsNewLines() {
    assertThat(Scoring.LABEL.score("kitchen\u0000garden", "", List.of("kitchen", "garden")))
        .isEqualTo(1);
  }

  @Test
  void anUnknownScoringIsRefused() {
    assertThatThrownBy(() -> Scoring.of("bleu"))
        .hasMessage("there is no scoring 'bleu'; use one of all, any, first_number, recall, label");
  }
}
