package dev.farspan.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.cli.progress.Progress.Style;
import dev.farspan.cli.progress.Task.Pace;
import dev.farspan.cli.progress.Task.Unit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter text = new StringWriter();
  private long now = 5;

  private Progress progress(Style style, Task task, long start) {
    return new Progress(new PrintWriter(text), style, task, start, () -> now);
  }

  private static Task reading(long tokens) {
    return new Task("reading", Unit.TOKENS, tokens, Pace.SLOWING);
  }

  private void pass(double seconds) {
    now += Math.round(seconds * 1e9);
  }

  private List<String> drawn() {
    return List.of(text.toString().split("\r"));
  }

  @Test
  void theBarShowsShareRateAndPredictedEnd() {
    Progress progress = progress(Style.TERMINAL, reading(15_336), 0);
    pass(30);
    progress.update(6_912);
    assertThat(text)
        .hasToString(
            "\rreading [#########...........] 45%  6,912 of 15,336 tokens  230 tokens/s  37 s left\033[K");
  }

  @Test
  void theBarIsRedrawnTenTimesASecondAtMost() {
    Progress progress = progress(Style.TERMINAL, reading(1_000), 0);
    for (int done = 1; done < 1_000; done++) {
      pass(0.01);
      progress.update(done);
    }
    // 9.99 s
    assertThat(drawn()).hasSizeBetween(95, 102);
  }

  @Test
  void theLastUpdateIsAlwaysDrawn() {
    Progress progress = progress(Style.TERMINAL, reading(10), 0);
    pass(1);
    progress.update(9);
    pass(0.001);
    progress.update(10);
    assertThat(drawn().getLast()).contains("100%").contains("0 s left");
  }

  @Test
  void closingErasesTheBar() {
    Progress progress = progress(Style.TERMINAL, reading(10), 0);
    pass(1);
    progress.update(5);
    progress.close();
    assertThat(text.toString()).endsWith("\033[K\r\033[K");
  }

  @Test
  void elsewhereALineAppearsEveryTenSeconds() {
    Progress progress = progress(Style.LINES, reading(100), 0);
    for (int done = 1; done <= 25; done++) {
      pass(1);
      progress.update(done);
    }
    progress.close();
    assertThat(text.toString().lines())
        .containsExactly(
            "farspan: reading: 10%, 10 of 100 tokens, 1.0 tokens/s, 1 min 30 s left",
            "farspan: reading: 20%, 20 of 100 tokens, 1.0 tokens/s, 1 min 20 s left");
  }

  @Test
  void quietMeansNothing() {
    Progress progress = progress(Style.NONE, reading(100), 0);
    pass(60);
    progress.update(50);
    progress.close();
    assertThat(text.toString()).isEmpty();
  }

  @Test
  void whatWasThereBeforeDoesNotCountIntoTheRate() {
    Task task = new Task("model.gguf", Unit.BYTES, 100_000_000, Pace.STEADY);
    Progress progress = progress(Style.TERMINAL, task, 50_000_000);
    pass(10);
    progress.update(60_000_000);
    assertThat(text.toString()).contains("60%  60.0 MB of 100.0 MB  1.0 MB/s  40 s left");
  }

  @Test
  void aPromptThatSlowsDownIsPredictedToItsEnd() {
    Progress progress = progress(Style.TERMINAL, reading(1_000), 0);
    // t(n) = n / 100 + n^2 / 10,000, so t(500) = 30 and t(1000) = 110.
    double before = 0;
    for (int done = 50; done <= 500; done += 50) {
      double time = done / 100.0 + done * done / 10_000.0;
      pass(time - before);
      before = time;
      progress.update(done);
    }
    // At the rate so far it would be 30 s.
    assertThat(drawn().getLast()).contains("1 min 20 s left");
  }

  @Test
  void aSteadyTaskThatSlowsDownByChanceIsNotExtrapolated() {
    Task task = new Task("x", Unit.BYTES, 1_000, Pace.STEADY);
    Progress progress = progress(Style.TERMINAL, task, 0);
    double before = 0;
    for (int done = 50; done <= 500; done += 50) {
      double time = done / 100.0 + done * done / 10_000.0;
      pass(time - before);
      before = time;
      progress.update(done);
    }
    assertThat(drawn().getLast()).contains("30 s left");
  }
}
