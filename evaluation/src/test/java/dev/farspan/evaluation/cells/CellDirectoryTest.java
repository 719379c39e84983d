package dev.farspan.evaluation.cells;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CellDirectoryTest {
  private static final RunHeader RUN =
      new RunHeader(
          Labels.of("kind", "perplexity").and("model", "a1"), Labels.of("command", "farspan eval"));
  private static final Labels FIRST = Labels.of("method", "none").and("length", 4096);
  private static final Labels SECOND = Labels.of("method", "yarn:factor=2").and("length", 4096);
  private static final JsonNode VALUE =
      JsonMapper.shared().createObjectNode().put("loss", 0.1 + 0.2).put("text", "Zeile\n\"ü\"");

  @TempDir Path directory;
  private final List<String> notes = new ArrayList<>();

  private CellDirectory open(RunHeader header) {
    return CellDirectory.open(directory.resolve("a/b"), header, notes::add);
  }

  private Path file() {
    return directory.resolve("a/b/cells.jsonl");
  }

  private void keepBoth() {
    try (CellDirectory cells = open(RUN)) {
      cells.keep(new Cell(FIRST, VALUE));
      cells.keep(new Cell(SECOND, VALUE));
    }
  }

  @Test
  void aMeasurementIsFoundAgainBitForBitWhateverTheOrderOfItsKey() {
    keepBoth();
    try (CellDirectory cells = open(RUN)) {
      assertThat(cells.find(FIRST)).contains(VALUE);
      assertThat(cells.find(Labels.of("length", 4096).and("method", "none"))).contains(VALUE);
      assertThat(cells.find(Labels.of("method", "none").and("length", 8192))).isEmpty();
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void aMeasurementIsOnDiskBeforeTheRunEnds() throws IOException {
    try (CellDirectory cells = open(RUN)) {
      cells.keep(new Cell(FIRST, VALUE));
      assertThat(Files.readAllLines(file())).hasSize(2).last().asString().contains("4096");
    }
  }

  @Test
  void aRunWithAnotherIdentityReusesNothing() {
    keepBoth();
    RunHeader other =
        new RunHeader(Labels.of("kind", "perplexity").and("model", "a2"), RUN.facts());
    try (CellDirectory cells = open(other)) {
      assertThat(cells.find(FIRST)).isEmpty();
      cells.keep(new Cell(FIRST, JsonMapper.shared().createObjectNode()));
    }
    try (CellDirectory cells = open(RUN)) {
      assertThat(cells.find(FIRST)).contains(VALUE);
    }
    assertThat(CellDirectory.read(directory.resolve("a/b"), notes::add))
        .extracting(RunCells::identity)
        .containsExactly(RUN.identity(), other.identity());
  }

  @Test
  void whereALineWasCutAtAnyByteTheRunGoesOnAfterTheMeasurementsBeforeIt() throws IOException {
    keepBoth();
    byte[] whole = Files.readAllBytes(file());
    int lastLine =
        Files.readString(file()).lines().toList().getLast().getBytes(StandardCharsets.UTF_8).length
            + 1;
    for (int cut = 1; cut < lastLine; cut++) {
      Files.write(file(), Arrays.copyOf(whole, whole.length - cut));
      notes.clear();
      try (CellDirectory cells = open(RUN)) {
        assertThat(notes).singleElement().asString().contains("line 3 of " + file());
        assertThat(cells.find(FIRST)).contains(VALUE);
        assertThat(cells.find(SECOND)).isEmpty();
        cells.keep(new Cell(SECOND, VALUE));
      }
      assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    }
  }

  @Test
  void aLastLineOfRubbishIsLeftOutAndOneBeforeItIsRefused() throws IOException {
    keepBoth();
    byte[] whole = Files.readAllBytes(file());
    Files.writeString(file(), "\0\0\0\0\n", APPEND);
    try (CellDirectory cells = open(RUN)) {
      assertThat(cells.find(SECOND)).contains(VALUE);
    }
    assertThat(notes).singleElement().asString().contains("line 4");
    assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    Files.writeString(file(), "rubbish\n" + Files.readString(file()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(RUN))
        .withMessageContaining("line 1 of " + file());
  }

  @Test
  void theSecondWriterIsRefusedWhileTheFirstIsAtWork() {
    try (CellDirectory cells = open(RUN)) {
      assertThat(cells.find(FIRST)).isEmpty();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> open(RUN))
          .withMessageContaining("another evaluation is writing");
    }
    keepBoth();
  }

  @Test
  void readingGivesEachMeasurementOnceWithTheFactsOfEachPart() {
    keepBoth();
    keepBoth();
    JsonNode newer = JsonMapper.shared().createObjectNode().put("loss", 7);
    try (CellDirectory cells =
        open(new RunHeader(RUN.identity(), Labels.of("command", "farspan eval --more")))) {
      cells.keep(new Cell(FIRST, newer));
    }
    RunCells run = CellDirectory.read(directory.resolve("a/b"), notes::add).getFirst();
    assertThat(run.cells()).containsExactly(new Cell(FIRST, newer), new Cell(SECOND, VALUE));
    assertThat(run.find(FIRST)).contains(newer);
    assertThat(run.facts())
        .extracting(facts -> facts.get("command"))
        .containsExactly("farspan eval", "farspan eval --more");
  }

  @Test
  void aDirectoryWithoutMeasurementsAndAFileInItsPlaceAreNamed() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CellDirectory.read(directory, notes::add))
        .withMessageContaining(directory.toString());
    Path notADirectory = Files.writeString(directory.resolve("f"), "text");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CellDirectory.open(notADirectory, RUN, notes::add))
        .withMessageContaining("is a file");
  }
}
