package dev.farspan.evaluation.task.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.evaluation.task.ChatFrame;
import dev.farspan.evaluation.task.Draw;
import dev.farspan.evaluation.task.Haystack;
import dev.farspan.evaluation.task.PieceEncoder;
import dev.farspan.evaluation.task.Question;
import dev.farspan.evaluation.task.Sample;
import dev.farspan.evaluation.task.SampleBuilder;
import dev.farspan.evaluation.task.Scoring;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.Vocabularies;
import dev.farspan.evaluation.task.Words;
import dev.farspan.runtime.engine.Model;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each shipped task hides is there, once, and its own answer is the one that counts.
class TaskCatalogTest {
  private static Model model;
  private static SampleBuilder builder;

  @BeforeAll
  static void open() {
    model = Vocabularies.real("smollm2-135m-instruct.q4_1.gguf");
    builder =
        new SampleBuilder(new PieceEncoder(model.tokenizer()), ChatFrame.NONE, Haystack.standard());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  static Stream<String> names() {
    return Stream.concat(TaskCatalog.ruler().stream(), TaskCatalog.others().stream())
        .map(task -> task.facts().name());
  }

  private static String context(Sample sample) {
    return model.tokenizer().decode(sample.context());
  }

  private static String rightAnswer(Task task, Question question) {
    return task.facts().scoring() == Scoring.ALL
        ? Words.series(question.expected())
        : question.expected().getFirst();
  }

  @ParameterizedTest
  @MethodSource("names")
  void promptsFitAndOnlyTheRightAnswerCounts(String name) {
    Task task = TaskCatalog.named(name);
    for (int length : new int[] {2048, 4096}) {
      for (int index = 0; index < 3; index++) {
        Sample sample = builder.build(task, new Draw(42, index, length, 50));
        Sample.Item item = sample.items().getFirst();
        Question question = item.question();
        int all = sample.prompt(item).length + task.facts().answerTokens();
        boolean running = sample.depths().isEmpty() ? false : isRunning(task);
        assertThat(all).isBetween(running ? length : length - 250, length);
        String text = context(sample);
        assertThat(text).contains(question.expected().getFirst());
        double right =
            task.facts()
                .scoring()
                .score(rightAnswer(task, question), question.text(), question.expected());
        assertThat(right).isEqualTo(1);
        String other = otherAnswer(task, question, index, length);
        assertThat(task.facts().scoring().score(other, question.text(), question.expected()))
            .as("%s for %s", other, question)
            .isLessThan(1);
      }
    }
  }

  private static boolean isRunning(Task task) {
    return task.layout(new Draw(42, 0, 4096, 50)).filling()
        instanceof dev.farspan.evaluation.task.Filling.Running;
  }

  /// The right answer of another sample, one that differs.
  private static String otherAnswer(Task task, Question question, int index, int length) {
    String own = rightAnswer(task, question);
    for (int other = index + 1; ; other++) {
      Question asked = task.layout(new Draw(42, other, length, 50)).questions().getFirst();
      if (!rightAnswer(task, asked).equals(own)) {
        return rightAnswer(task, asked);
      }
    }
  }

  @Test
  void rulerHasItsThirteenTasks() {
    assertThat(TaskCatalog.ruler().stream().map(task -> task.facts().name()))
        .containsExactly(
            "niah_single_1",
            "niah_single_2",
            "niah_single_3",
            "niah_multikey_1",
            "niah_multikey_2",
            "niah_multikey_3",
            "niah_multivalue",
            "niah_multiquery",
            "vt",
            "cwe",
            "fwe",
            "qa_1",
            "qa_2");
  }

  @Test
  void anUnknownTaskIsToldWhichThereAre() {
    assertThatThrownBy(() -> TaskCatalog.named("niah_single_4"))
        .hasMessageStartingWith("there is no task 'niah_single_4'; there are niah_single_1, ")
        .hasMessageEndingWith("no_overlap, babi_1, babi_2");
  }

  @Test
  void aSingleNeedleIsAskedForInTheSingular() {
    Sample sample = builder.build(TaskCatalog.named("niah_single_1"), new Draw(42, 0, 2048, 0));
    String prompt = model.tokenizer().decode(sample.prompt(sample.items().getFirst()));
    assertThat(prompt)
        .startsWith(
            "A special magic number is hidden within the following text. Make sure to memorize it."
                + " I will quiz you about the number afterwards.\n")
        .matches(
            "(?s).*\nWhat is the special magic number for ([a-z]+-[a-z]+) mentioned in the provided"
                + " text\\? The special magic number for \\1 mentioned in the provided text is");
    assertThat(prompt.split("One of the special magic numbers for ", -1)).hasSize(2);
  }

  @Test
  void fourValuesOfOneKeyAndFourKeysAreAllWanted() {
    Question values =
        TaskCatalog.named("niah_multivalue")
            .layout(new Draw(42, 0, 4096, 0))
            .questions()
            .getFirst();
    assertThat(values.expected()).hasSize(4).doesNotHaveDuplicates();
    Question keys =
        TaskCatalog.named("niah_multiquery")
            .layout(new Draw(42, 0, 4096, 0))
            .questions()
            .getFirst();
    assertThat(keys.expected()).hasSize(4);
    assertThat(keys.text())
        .matches(
            "\nWhat are all the special magic numbers for (\\S+, ){3}and \\S+ mentioned in the provided text\\?");
  }

  @Test
  void theTenWordsAreTheMostCommonOnes() {
    for (int length : new int[] {2048, 8192}) {
      Sample sample = builder.build(TaskCatalog.named("cwe"), new Draw(42, 1, length, 0));
      String list = context(sample);
      list = list.substring(list.lastIndexOf("Below is a numbered list"));
      Map<String, Long> counts = counts(list, "\\d+\\. ([a-z]+)");
      List<String> wanted = sample.items().getFirst().question().expected();
      long common = length < 4096 ? 6 : 30;
      long rare = length < 4096 ? 1 : 3;
      counts.forEach(
          (word, count) ->
              assertThat(count).as(word).isEqualTo(wanted.contains(word) ? common : rare));
      assertThat(counts.keySet()).containsAll(wanted);
    }
  }

  @Test
  void theThreeCodedWordsAreTheMostFrequentButForDots() {
    Sample sample = builder.build(TaskCatalog.named("fwe"), new Draw(42, 1, 4096, 0));
    String text = context(sample).split("coded words\\.", 3)[1];
    List<Map.Entry<String, Long>> ranked =
        counts(text, "(\\.\\.\\.\\.|[a-z]{6})").entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .toList();
    assertThat(ranked.getFirst().getKey()).isEqualTo("....");
    assertThat(ranked.subList(1, 4).stream().map(Map.Entry::getKey))
        .containsExactlyElementsOf(sample.items().getFirst().question().expected());
    assertThat(ranked.get(3).getValue()).isGreaterThan(ranked.get(4).getValue());
  }

  private static Map<String, Long> counts(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher
        .results()
        .collect(Collectors.groupingBy(result -> result.group(1), Collectors.counting()));
  }

  @Test
  void aChainOfVariablesIsWrittenInItsOrder() {
    Sample sample = builder.build(TaskCatalog.named("vt"), new Draw(42, 1, 4096, 0));
    Question question = sample.items().getFirst().question();
    String text = context(sample);
    int at = 0;
    String from = question.text().replaceAll("\\D+", "");
    for (String name : question.expected()) {
      int next = text.indexOf("VAR %s = %s".formatted(name, from));
      assertThat(next).as(name).isGreaterThan(at);
      at = next;
      from = "VAR " + name;
    }
  }

  @Test
  void theSecondQuestionNeedsTwoDocuments() {
    Sample sample = builder.build(TaskCatalog.named("qa_2"), new Draw(42, 1, 4096, 0));
    Question question = sample.items().getFirst().question();
    String person = question.text().replaceAll("(?s).*who married (.*)\\?", "$1");
    String spouse =
        sentence(context(sample), person + " worked as").replaceAll(".*married (.*)\\.", "$1");
    assertThat(sentence(context(sample), spouse + " worked as"))
        .contains(question.expected().getFirst());
  }

  private static String sentence(String text, String part) {
    return Arrays.stream(text.split("(?<=\\.)", -1))
        .filter(sentence -> sentence.contains(part))
        .collect(
            Collectors.collectingAndThen(
                Collectors.toList(),
                found -> {
                  assertThat(found).hasSize(1);
                  return found.getFirst();
                }));
  }

  @Test
  void aQuestionWithoutOverlapSharesNoWordWithItsNeedle() {
    Task task = TaskCatalog.named("no_overlap");
    Function<String, List<String>> words =
        text -> List.of(text.toLowerCase(java.util.Locale.ROOT).split("[^a-z]+"));
    List<String> common = List.of("", "the", "a", "of", "in", "is", "and");
    for (int index = 0; index < 40; index++) {
      var layout = task.layout(new Draw(42, index, 4096, 0));
      List<String> asked =
          new java.util.ArrayList<>(words.apply(layout.questions().getFirst().text()));
      asked.removeAll(common);
      assertThat(words.apply(layout.inserts().getFirst().text()))
          .doesNotContainAnyElementsOf(asked);
    }
  }

  @Test
  void aStoryEndsWhereItsQuestionSays() {
    for (int needed = 1; needed <= 2; needed++) {
      for (int index = 0; index < 20; index++) {
        var layout = TaskCatalog.named("babi_" + needed).layout(new Draw(42, index, 4096, 0));
        List<String> story = layout.inserts().stream().map(i -> i.text().strip()).toList();
        String who =
            layout.questions().getFirst().text().replaceAll("(?s).*Where is (.*)\\?", "$1");
        String person = needed == 1 ? who : story.getFirst().split(" ", 2)[0];
        String last =
            story.stream()
                .filter(s -> s.startsWith(person) && s.contains(" to "))
                .toList()
                .getLast();
        assertThat(last)
            .endsWith("the " + layout.questions().getFirst().expected().getFirst() + ".");
      }
    }
  }
}
