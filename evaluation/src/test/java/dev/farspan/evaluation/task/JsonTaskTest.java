package dev.farspan.evaluation.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTaskTest {
  private static final String PHONE =
      """
      {
        "name": "phone",
        "asks": "Which number belongs to a name?",
        "opening": "Read this.\\n",
        "needles": [" The number of {who} is {number}.", " {who} likes tea."],
        "questions": [
          {"text": "\\nWhat is the number of {who}?", "answer_prefix": " It is", "expected": ["{number}"]}
        ],
        "values": {"who": ["Ann", "Bob"], "number": {"digits": 4}},
        "scoring": "first_number",
        "answer_tokens": 8
      }
      """;

  @Test
  void aFileIsATask() {
    Task task = JsonTask.read("phone.json", PHONE);
    assertThat(task.facts())
        .isEqualTo(
            new TaskFacts(
                "phone", "Which number belongs to a name?", Scoring.FIRST_NUMBER, 8, true));
    Layout layout = task.layout(new Draw(1, 0, 100, 40));
    Question question = layout.questions().getFirst();
    String number = question.expected().getFirst();
    assertThat(number).matches("[1-9]\\d{3}");
    assertThat(question.answerPrefix()).isEqualTo(" It is");
    assertThat(question.text()).matches("\nWhat is the number of (Ann|Bob)\\?");
    String who = question.text().contains("Ann") ? "Ann" : "Bob";
    assertThat(layout.inserts())
        .containsExactly(
            new Insert(" The number of %s is %s.".formatted(who, number), 40),
            new Insert(" %s likes tea.".formatted(who), 70));
    assertThat(layout).isEqualTo(task.layout(new Draw(1, 0, 999, 40)));
  }

  @Test
  void piecesCanBeRepeatedInPlaceOfRunningText() {
    Task task =
        JsonTask.read(
            "f", PHONE.replace("\"needles\"", "\"filling\": [\" One.\", \" Two.\"], \"needles\""));
    assertThat(task.layout(new Draw(1, 0, 100, 40)).filling())
        .isInstanceOfSatisfying(
            Filling.Pieces.class,
            pieces ->
                assertThat(pieces.pieces().apply(3)).containsExactly(" One.", " Two.", " One."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"opening\" | \"openning\" | has no key 'openning'; there are [answer_tokens, asks,",
        "\"expected\" | \"expects\" | a question has no key 'expects'; there are [answer_prefix,",
        "\"digits\": 4 | \"digit\": 4 | the value 'number' has no key 'digit'; there are [digits,",
        "\"digits\": 4 | \"digits\": 0 | phone.json: 'digits' must be a count of at least 1",
        "\"answer_tokens\": 8 | \"answer_tokens\": \"8\" | 'answer_tokens' must be a count of at least",
        "{number}. | {numbr}. | phone.json uses {numbr}, which is none of its values [who, number]",
        "first_number | exact | there is no scoring 'exact'",
        "\"name\" | \"asks2\" | a task has no key 'asks2'",
        "{ | [ | phone.json is not JSON"
      })
  void whatIsWrongIsSaid(String right, String wrong, String sentence) {
    assertThatThrownBy(() -> JsonTask.read("phone.json", PHONE.replaceFirst(quoted(right), wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  private static String quoted(String text) {
    return java.util.regex.Pattern.quote(text);
  }
}
