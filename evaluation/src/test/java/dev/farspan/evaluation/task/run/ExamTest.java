package dev.farspan.evaluation.task.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.CellDirectory;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.task.ChatFrame;
import dev.farspan.evaluation.task.Draw;
import dev.farspan.evaluation.task.Haystack;
import dev.farspan.evaluation.task.Needles;
import dev.farspan.evaluation.task.Passkey;
import dev.farspan.evaluation.task.Question;
import dev.farspan.evaluation.task.Vocabularies;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tiny model of random weights, whose tokens are bytes.
class ExamTest {
  private static final Haystack TEXT =
      new Haystack("t", "One day passed. Then came a night. ".repeat(60));
  @TempDir private Path directory;
  private Model model;

  @BeforeEach
  void open() {
    model = Vocabularies.bytes(directory);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private Exam exam(Optional<Judge> judge) {
    return new Exam(model, CacheType.F32, TEXT, ChatFrame.NONE, judge);
  }

  private static ExamPlan plan() {
    return new ExamPlan(
        List.of(new Needles(2), new Passkey()),
        List.of(
            MethodSpec.parse("none"),
            MethodSpec.parse("dynamic-yarn"),
            MethodSpec.parse("streaming:sinks=4,window=60")),
        List.of(340, 310),
        List.of(0.0, 50.0, 100.0),
        1,
        42);
  }

  /// Without times.
  private static List<ExamCell> bare(List<ExamCell> cells) {
    return cells.stream()
        .map(
            c ->
                new ExamCell(
                    c.task(), c.method(), c.length(), c.depth(), c.sample(), c.answers(), 0))
        .toList();
  }

  private static final RunHeader HEADER = new RunHeader(Labels.of("kind", "test"), Labels.NONE);

  @Test
  void aRunThatIsKilledTwiceAndGoesOnIsTheSameAsOneInOneGo() {
    List<ExamCell> whole =
        exam(Optional.empty()).run(plan(), Cells.inMemory(), ExamListener.NONE).cells();
    Path out = directory.resolve("out");
    for (int kill : new int[] {7, 19}) {
      assertThatThrownBy(() -> run(out, kill)).hasMessage("killed");
    }
    List<ExamCell> resumed = run(out, Integer.MAX_VALUE);
    assertThat(bare(resumed)).isEqualTo(bare(whole));
    assertThat(whole).hasSize(36);
    List<Boolean> stored = new ArrayList<>();
    try (CellDirectory cells = CellDirectory.open(out, HEADER, _ -> {})) {
      exam(Optional.empty())
          .run(
              plan(),
              cells,
              new ExamListener() {
                @Override
                public void onCell(ExamCell cell, boolean before) {
                  stored.add(before);
                }
              });
    }
    assertThat(stored).hasSize(36).containsOnly(true);
  }

  /// Runs until so many cells are kept.
  private List<ExamCell> run(Path out, int kill) {
    try (CellDirectory cells = CellDirectory.open(out, HEADER, _ -> {})) {
      int[] seen = {0};
      ExamListener killer =
          new ExamListener() {
            @Override
            public void onCell(ExamCell cell, boolean before) {
              if (++seen[0] == kill) {
                throw new IllegalStateException("killed");
              }
            }
          };
      return exam(Optional.empty()).run(plan(), cells, killer).cells();
    }
  }

  @Test
  void whatIsKeptReadsBackAsItWas() {
    Path out = directory.resolve("kept");
    List<ExamCell> cells = run(out, Integer.MAX_VALUE);
    assertThat(ExamScores.of(CellDirectory.read(out, _ -> {}).getFirst()).cells()).isEqualTo(cells);
  }

  @Test
  void anAnswerKnowsHowDeepItsNeedleLies() {
    List<ExamCell> cells =
        exam(Optional.empty()).run(plan(), Cells.inMemory(), ExamListener.NONE).cells();
    for (ExamCell cell : cells) {
      List<Double> depths = cell.answers().stream().map(ExamCell.Answer::depth).toList();
      if (cell.task().equals("niah")) {
        assertThat(depths).containsExactly(cell.depth(), 50 + cell.depth() / 2);
      } else {
        assertThat(depths).containsExactly(cell.depth());
      }
    }
  }

  @Test
  void whatIsSharedBetweenPromptsChangesNoAnswer() {
    List<ExamCell> whole =
        exam(Optional.empty()).run(plan(), Cells.inMemory(), ExamListener.NONE).cells();
    for (ExamCell cell : whole) {
      ExamPlan alone =
          new ExamPlan(
              List.of(cell.task().equals("niah") ? new Needles(2) : new Passkey()),
              List.of(MethodSpec.parse(cell.method())),
              List.of(cell.length()),
              List.of(cell.depth()),
              1,
              42);
      assertThat(
              bare(exam(Optional.empty()).run(alone, Cells.inMemory(), ExamListener.NONE).cells()))
          .isEqualTo(bare(List.of(cell)));
    }
  }

  @Test
  void everyMethodReadsTheSamePrompts() {
    List<ExamPlan.Item> items = plan().items();
    List<Draw> first = draws(items, "none");
    assertThat(draws(items, "dynamic-yarn")).isEqualTo(first).hasSize(12);
    // from the end of the text to its start: what lies before a needle has been read
    assertThat(first.subList(0, 3).stream().map(Draw::depth)).containsExactly(100.0, 50.0, 0.0);
    assertThat(first.getFirst().length()).isEqualTo(310);
  }

  private static List<Draw> draws(List<ExamPlan.Item> items, String method) {
    return items.stream()
        .filter(item -> item.method().text().equals(method))
        .map(ExamPlan.Item::draw)
        .toList();
  }

  @Test
  void aJudgeScoresInPlaceOfTheTask() {
    List<String> asked = new ArrayList<>();
    Judge judge =
        (Question question, String answer) -> {
          asked.add(question.text());
          return asked.size() % 2 == 0 ? 0.3 : 1;
        };
    ExamPlan one =
        new ExamPlan(
            List.of(new Needles(2)),
            List.of(MethodSpec.parse("none")),
            List.of(300),
            List.of(50.0),
            1,
            1);
    ExamCell cell =
        exam(Optional.of(judge)).run(one, Cells.inMemory(), ExamListener.NONE).cells().getFirst();
    assertThat(cell.score()).isCloseTo(0.65, within(1e-12));
    assertThat(asked).hasSize(2);
  }

  @Test
  void progressRisesToAllTokens() {
    List<Long> seen = new ArrayList<>();
    exam(Optional.empty())
        .run(
            plan(),
            Cells.inMemory(),
            new ExamListener() {
              @Override
              public void onProgress(long done, long total) {
                assertThat(total).isEqualTo(3L * 6 * (310 + 340));
                seen.add(done);
              }
            });
    assertThat(seen.getLast()).isEqualTo(3L * 6 * (310 + 340));
  }

  @Test
  void aCellThatDoesNotFitIsRefusedBeforeAnythingRuns() {
    ExamPlan tooLong =
        new ExamPlan(
            List.of(new Needles(1)),
            List.of(MethodSpec.parse("none")),
            List.of(300, 9000),
            List.of(50.0),
            1,
            1);
    Cells untouched =
        new Cells() {
          @Override
          public Optional<tools.jackson.databind.JsonNode> find(Labels key) {
            throw new AssertionError("nothing was to run");
          }

          @Override
          public void keep(dev.farspan.evaluation.cells.Cell cell) {
            throw new AssertionError("nothing was to run");
          }
        };
    assertThatThrownBy(() -> exam(Optional.empty()).run(tooLong, untouched, ExamListener.NONE))
        .hasMessageContaining("take a longer text or a smaller length");
  }
}
