package dev.farspan.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunCells;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class EvaluationReportTest {
  private static final String NONE = "none";
  private static final String YARN = "yarn:factor=2";

  @TempDir Path directory;

  /// The trained length is 4096, past which `none` explodes.
  private static EvaluationReport report() {
    List<Cell> cells = new ArrayList<>();
    for (int length : new int[] {2048, 4096, 8192}) {
      for (String method : List.of(NONE, YARN)) {
        cells.add(cell(method, length));
      }
    }
    RunCells run =
        new RunCells(
            Labels.of("kind", "perplexity")
                .and("model", "0123abcd")
                .and("trained_length", 4096)
                .and("protocol", "whole")
                .and("stride", 256)
                .and("cache_type", "f16"),
            List.of(
                Labels.of("model", "tiny</script>")
                    .and("mean", "TOKENS")
                    .and("command", "farspan eval perplexity")),
            cells);
    HeatMap map = new HeatMap(NONE, List.of(4096, 8192), List.of(0.0), List.of(List.of(1.0, 0.0)));
    TaskTable table =
        new TaskTable(NONE, List.of(4096), List.of("vt"), List.of(List.of(90.0)), 85.6);
    return EvaluationReport.of(List.of(run), List.of(map, map), List.of(map), List.of(table));
  }

  private static Cell cell(String method, int length) {
    var value = JsonMapper.shared().createObjectNode();
    value.put("tokens", length - 1).put("seconds", length / 100.0).put("cache_bytes", length * 90L);
    var blocks = value.putArray("blocks");
    for (int at = 0; at < length; at += 256) {
      double loss = 2.2 - 0.05 * Math.log(1 + at) + 0.1 * Math.sin(at);
      loss += method.equals(NONE) ? (at >= 4096 ? 6 : 0) : 0.04;
      blocks.addArray().add(at).add(256).add(256 * loss);
    }
    Labels key =
        Labels.of("method", method)
            .and("length", length)
            .and("document", 0)
            .and("from", 0)
            .and("target", 1);
    return new Cell(key, value);
  }

  @Test
  void theWinnerIsNamedFirstWithHowSureThatIs() {
    PerplexityReport perplexity = report().perplexities().getFirst();
    assertThat(perplexity.winner())
        .startsWith("At 8,192 tokens yarn:factor=2 has a perplexity of ")
        .contains("the lowest; none (")
        .endsWith("follows, and the difference holds at 95 % confidence.");
    assertThat(perplexity.text()).startsWith(perplexity.winner());
    assertThat(perplexity.charts().getFirst().logarithmic()).isTrue();
    assertThat(perplexity.charts().getLast().logarithmic()).isFalse();
  }

  @Test
  void everyFileIsWritten() throws IOException {
    Path page = report().write(directory);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "results.json",
              "results.csv",
              "report.html",
              "perplexity.svg",
              "loss-by-position.svg",
              "speed.svg",
              "memory.svg",
              "needle-1.svg",
              "needle-2.svg",
              "needle-likelihood-1.svg");
    }
    assertThat(Files.readString(directory.resolve("results.csv"))).hasLineCount(7);
    assertThat(Files.readString(page))
        .contains("tiny&lt;/script&gt;", "0123abcd", "Licensed to the Apache Software Foundation")
        .doesNotContain("<script src", "<link");
  }

  @Test
  void theBrowserDrawsEveryChartWithoutAnError() throws IOException, InterruptedException {
    Path page = report().write(directory);
    Browser.Page drawn = Browser.open(page, directory);
    assertThat(drawn.console()).isEmpty();
    assertThat(drawn.dom().split("<svg [^>]*height=\"380\"", -1)).hasSize(5);
    assertThat(Files.size(drawn.screenshot())).isGreaterThan(20_000);
    if (System.getenv("FARSPAN_SCREENSHOT") != null) {
      Files.copy(drawn.screenshot(), Path.of(System.getenv("FARSPAN_SCREENSHOT")));
    }
  }

  @Test
  void anErrorOfThePageWouldBeSeen() throws IOException, InterruptedException {
    Path page = directory.resolve("wrong.html");
    Files.writeString(page, "<script>nothing.at.all()</script>");
    assertThat(Browser.open(page, directory).console()).contains("nothing is not defined");
  }

  /// Chromium without a window.
  private static final class Browser {
    private static final int SECONDS = 120;

    private record Page(String dom, String console, Path screenshot) {}

    private static Page open(Path page, Path directory) throws IOException, InterruptedException {
      Path screenshot = directory.resolve("page.png");
      run(page, directory, "--window-size=1040,2600", "--screenshot=" + screenshot);
      String dom = run(page, directory, "--dump-dom");
      String console =
          Files.readString(directory.resolve("browser.log"))
              .lines()
              .filter(line -> line.contains("CONSOLE"))
              .reduce("", String::concat);
      return new Page(dom, console, screenshot);
    }

    private static String run(Path page, Path directory, String... options)
        throws IOException, InterruptedException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  "chromium",
                  "--headless",
                  "--no-sandbox", // the page is ours, and root has no sandbox
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--hide-scrollbars",
                  "--enable-logging=stderr",
                  "--user-data-dir=" + directory.resolve("profile")));
      command.addAll(List.of(options));
      command.add(page.toUri().toString());
      Path out = directory.resolve("browser.out");
      Process process;
      try {
        process =
            new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve("browser.log").toFile())
                .start();
      } catch (IOException e) {
        throw new AssertionError("chromium is missing; run scripts/get-chromium.sh", e);
      }
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("chromium did not end: " + command);
      }
      return Files.readString(out);
    }
  }
}
