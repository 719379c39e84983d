package dev.farspan.evaluation.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.runtime.engine.Model;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lengths, depths and needles, token by token, under three vocabularies.
class SampleBuilderTest {
  private static final String SMOLLM = "smollm2-135m-instruct.q4_1.gguf";
  private static final String GEMMA = "gemma3-270m.q4_k_m.gguf";
  private static final String TEXT =
      "It was late. Nobody came! Did anybody see the long road behind the hill? No. ".repeat(300);
  private static final int LONGEST_SENTENCE = 49; // characters, and so at least tokens

  private static final Map<String, Model> MODELS = new HashMap<>();

  @BeforeAll
  static void open() {
    for (String name : new String[] {SMOLLM, GEMMA}) {
      MODELS.put(name, Vocabularies.real(name));
    }
  }

  @AfterAll
  static void close() {
    MODELS.values().forEach(Model::close);
  }

  private static SampleBuilder builder(Model model, ChatFrame chat) {
    return new SampleBuilder(
        new PieceEncoder(model.tokenizer()), chat, new Haystack("the text", TEXT));
  }

  private interface Check {
    void on(Model model, SampleBuilder builder);
  }

  private static void with(String name, Check check) {
    Model model = MODELS.get(name);
    check.on(model, builder(model, ChatFrame.NONE));
  }

  private static int tokens(Task task, Sample sample) {
    return sample.context().length
        + sample.items().stream().mapToInt(item -> item.ids().length).max().orElseThrow()
        + task.facts().answerTokens();
  }

  @ParameterizedTest
  @ValueSource(strings = {SMOLLM, GEMMA})
  void promptAndAnswerHaveExactlyTheLength(String name) {
    with(
        name,
        (_, builder) -> {
          for (int needles : new int[] {1, 3}) {
            for (int length : new int[] {200, 201, 1000, 4096}) {
              for (double depth : new double[] {0, 33.3, 100}) {
                Task task = new Needles(needles);
                Sample sample = builder.build(task, new Draw(1, needles, length, depth));
                assertThat(tokens(task, sample)).isEqualTo(length);
              }
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {SMOLLM, GEMMA})
  void aChatTemplateTakesItsPlaceFromTheText(String name) {
    Model model = MODELS.get(name);
    ChatFrame chat =
        model.chatTemplate().map(ChatFrame::of).orElse(new ChatFrame("<user>", "</user>"));
    Task task = new Needles(2);
    Sample sample = builder(model, chat).build(task, new Draw(1, 0, 500, 50));
    assertThat(tokens(task, sample)).isEqualTo(500);
    String prompt = model.tokenizer().decode(sample.prompt(sample.items().getFirst()));
    assertThat(prompt).contains(chat.before().strip()).contains(chat.after().strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {SMOLLM, GEMMA})
  void wholePiecesLackLessThanOneOfThem(String name) {
    with(
        name,
        (model, builder) -> {
          Task task = new Passkey();
          int longest = model.tokenizer().encode(" There and back again.", false).length;
          for (int length : new int[] {200, 777, 2048}) {
            Sample sample = builder.build(task, new Draw(1, 0, length, 50));
            assertThat(tokens(task, sample)).isBetween(length - longest, length);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {SMOLLM, GEMMA})
  void aModelThatWantsABeginOfTextGetsOneAndOnlyOne(String name) {
    with(
        name,
        (model, builder) -> {
          Sample sample = builder.build(new Needles(1), new Draw(1, 0, 300, 50));
          int[] context = sample.context();
          int begin = model.tokenizer().beginOfText().orElse(-1);
          long wanted = model.tokenizer().addsBeginOfText() ? 1 : 0;
          assertThat(Arrays.stream(context).filter(id -> id == begin).count()).isEqualTo(wanted);
          assertThat(context[0] == begin).isEqualTo(wanted == 1);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {SMOLLM, GEMMA})
  void aNeedleStandsWholeBetweenTokensOfAnUnbrokenText(String name) {
    with(
        name,
        (model, builder) -> {
          for (double depth = 0; depth <= 100; depth += 12.5) {
            Task task = new Needles(2);
            Draw draw = new Draw(5, 3, 700, depth);
            Sample sample = builder.build(task, draw);
            int[] rest = sample.context();
            List<Insert> inserts = task.layout(draw).inserts();
            for (int n = inserts.size() - 1; n >= 0; n--) {
              int[] needle = new PieceEncoder(model.tokenizer()).next(inserts.get(n).text());
              int at = sample.places().get(n);
              assertThat(Arrays.copyOfRange(rest, at, at + needle.length)).isEqualTo(needle);
              rest = without(rest, at, needle.length);
            }
            int[] opening = new PieceEncoder(model.tokenizer()).first(task.layout(draw).opening());
            int[] filled = Arrays.copyOfRange(rest, opening.length, rest.length);
            int[] hay = new PieceEncoder(model.tokenizer()).next(TEXT);
            assertThat(filled).isEqualTo(Arrays.copyOf(hay, filled.length));
          }
        });
  }

  private static int[] without(int[] ids, int at, int count) {
    int[] left = new int[ids.length - count];
    System.arraycopy(ids, 0, left, 0, at);
    System.arraycopy(ids, at + count, left, at, left.length - at);
    return left;
  }

  @ParameterizedTest
  @ValueSource(strings = {SMOLLM, GEMMA})
  void aNeedleFollowsTheLastSentenceBeforeItsDepth(String name) {
    with(
        name,
        (model, builder) -> {
          for (double depth = 0; depth <= 100; depth += 10) {
            Draw draw = new Draw(5, 3, 900, depth);
            Sample sample = builder.build(new Needles(1), draw);
            int at = sample.places().getFirst();
            String before = model.tokenizer().decode(Arrays.copyOf(sample.context(), at));
            double actual = sample.depths().getFirst();
            if (depth == 0) {
              assertThat(before).endsWith("asked for them.\n");
            } else if (depth == 100) {
              assertThat(actual).isEqualTo(100);
            } else {
              assertThat(before).matches(text -> text.matches("(?s).*[.!?]"));
            }
            double sentence = 100.0 * LONGEST_SENTENCE / 800; // the filling has at least 800 tokens
            assertThat(actual).isBetween(depth - sentence, depth);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = SMOLLM)
  void aSampleIsAPureFunctionOfItsDraw(String name) {
    with(
        name,
        (model, builder) -> {
          Task task = new Needles(1);
          int[] first = builder.build(task, new Draw(1, 2, 500, 40)).context();
          assertThat(builder(model, ChatFrame.NONE).build(task, new Draw(1, 2, 500, 40)).context())
              .isEqualTo(first);
          assertThat(builder.build(task, new Draw(2, 2, 500, 40)).context()).isNotEqualTo(first);
          assertThat(builder.build(task, new Draw(1, 3, 500, 40)).context()).isNotEqualTo(first);
          assertThat(builder.build(task, new Draw(1, 2, 500, 90)).context()).isNotEqualTo(first);
          // the same needle at every length and depth
          assertThat(builder.build(task, new Draw(1, 2, 800, 10)).items().getFirst().question())
              .isEqualTo(
                  builder.build(task, new Draw(1, 2, 500, 40)).items().getFirst().question());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = SMOLLM)
  void whatDoesNotFitIsRefused(String name) {
    with(
        name,
        (_, builder) -> {
          assertThatThrownBy(() -> builder.build(new Needles(1), new Draw(1, 0, 30, 0)))
              .hasMessageMatching(
                  "task 'niah' needs \\d+ tokens for its question, needles and answer; a length of 30 is too short");
          assertThatThrownBy(() -> builder.build(new Needles(1), new Draw(1, 0, 50_000, 0)))
              .hasMessageMatching(
                  "the text has [\\d,]+ tokens where a length of 50,000 needs [\\d,]+: take a longer text or a smaller length");
          assertThatThrownBy(() -> new Draw(1, 0, 50, 101))
              .hasMessage("a depth is between 0 and 100 percent, got 101.0");
        });
  }
}
