package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.advice.LeftOut;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.task.ChatFrame;
import dev.farspan.evaluation.task.Haystack;
import dev.farspan.evaluation.task.Needles;
import dev.farspan.evaluation.task.Passkey;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.run.Exam;
import dev.farspan.evaluation.task.run.ExamCell;
import dev.farspan.evaluation.task.run.ExamListener;
import dev.farspan.evaluation.task.run.ExamPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The needles of an advice. A model that does not find them where it was trained says nothing by
/// not finding them farther out: a short text tells first whether it can do the task at all, the
/// cheaper task before the easier one.
final class AdviceNeedles {
  private static final long SEED = 42;
  private static final int MOST = 8;
  private static final int MOST_SAMPLES = 4;

  /// Tokens of a text for each needle: a needle and its question take about 60.
  private static final int PER_NEEDLE = 128;

  /// A short text has a quarter of the trained length, but room for a task.
  private static final int SHORT = 4;

  private static final int SHORTEST = 256;

  /// The share that has to be found in a short text.
  private static final double ABLE = 0.5;

  private final AdviceRun run;
  private final AdviceRun.Read read;
  private final MethodSpec baseline;
  private final Haystack haystack;
  private final Exam exam;

  /// A task.
  ///
  /// @param kind the evaluation it belongs to
  /// @param task what is asked
  /// @param depths of the samples, in percent
  /// @param readings how many readings of the text the samples take about
  private record Quiz(String kind, Task task, List<Double> depths, double readings) {
    ExamPlan plan(MethodSpec method, int length, int samples) {
      return new ExamPlan(List.of(task), List.of(method), List.of(length), depths, samples, SEED);
    }

    String definition() {
      return task instanceof Needles needles ? needles.toString() : kind;
    }
  }

  AdviceNeedles(AdviceRun run, AdviceRun.Read read, MethodSpec baseline) {
    this.run = run;
    this.read = read;
    this.baseline = baseline;
    this.haystack = new Haystack(run.text().name(), run.text().content());
    this.exam =
        new Exam(
            run.model(), run.settings().cacheType(), haystack, ChatFrame.NONE, Optional.empty());
  }

  private int shortLength() {
    return Math.min(run.settings().context(), Math.max(run.trained() / SHORT, SHORTEST));
  }

  /// Several needles in one sample, which is read once; else a passkey at four depths.
  private List<Quiz> quizzes() {
    int needles = Math.clamp(shortLength() / PER_NEEDLE, 1, MOST);
    return List.of(
        new Quiz("niah", new Needles(needles), List.of(5.0), 1.5),
        new Quiz("passkey", new Passkey(), List.of(12.5, 37.5, 62.5, 87.5), 3));
  }

  /// Asks the finalists, the best first, as far as the time suffices.
  List<ExamCell> ask(double seconds, EvalOutput output, Console console) {
    double left = seconds;
    for (Quiz quiz : quizzes()) {
      double now = left;
      Answers answers = output.keep(header(quiz), console, cells -> ask(quiz, cells, now, console));
      if (answers.able()) {
        return answers.cells();
      }
      left -= seconds(answers.cells());
    }
    console.note(
        "%s finds neither needles nor a passkey in %s tokens, so no method is asked for them"
            .formatted(baseline, Amounts.count(shortLength())));
    return List.of();
  }

  private record Answers(boolean able, List<ExamCell> cells) {}

  private Answers ask(Quiz quiz, Cells cells, double seconds, Console console) {
    List<ExamCell> trial;
    try {
      trial = cells(quiz, cells, baseline, shortLength(), 1);
    } catch (IllegalArgumentException _) { // the task does not fit into so few tokens
      return new Answers(false, List.of());
    }
    if (trial.stream().mapToDouble(ExamCell::score).average().orElse(0) < ABLE) {
      return new Answers(false, trial);
    }
    double left = seconds - seconds(trial);
    return new Answers(true, rounds(quiz, cells, left, console));
  }

  /// One sample of each finalist, then another of each as long as there is time for all.
  private List<ExamCell> rounds(Quiz quiz, Cells cells, double seconds, Console console) {
    int length = read.outcome().length();
    List<MethodSpec> asked = new ArrayList<>();
    List<ExamCell> all = new ArrayList<>();
    double left = seconds;
    for (MethodSpec method : read.outcome().finalists()) {
      double time = quiz.readings() * read.readings().seconds(method, length);
      if (time <= left || quiz.plan(method, length, 1).isKept(cells)) {
        List<ExamCell> own = sample(quiz, cells, method, 0);
        asked.add(method);
        all.addAll(own);
        left -= seconds(own);
        say(quiz, method, own, console);
      } else {
        LeftOut missing = new LeftOut(method.text(), length, time);
        console.note(AdviceRun.sentence("asking for needles", missing));
      }
    }
    double round = seconds(all);
    for (int sample = 1; sample < MOST_SAMPLES && round <= left; sample++) {
      for (MethodSpec method : asked) {
        List<ExamCell> own = sample(quiz, cells, method, sample);
        all.addAll(own);
        left -= seconds(own);
      }
    }
    return all;
  }

  private static double seconds(List<ExamCell> cells) {
    return cells.stream().mapToDouble(ExamCell::seconds).sum();
  }

  private void say(Quiz quiz, MethodSpec method, List<ExamCell> own, Console console) {
    console.note(
        "%s: %.0f %% of %s found in %s tokens"
            .formatted(
                method,
                100 * own.stream().mapToDouble(ExamCell::score).average().orElseThrow(),
                quiz.kind().equals("niah") ? "needles" : "passkeys",
                Amounts.count(read.outcome().length())));
  }

  private List<ExamCell> sample(Quiz quiz, Cells cells, MethodSpec method, int index) {
    return cells(quiz, cells, method, read.outcome().length(), index + 1).stream()
        .filter(cell -> cell.sample() == index)
        .toList();
  }

  private List<ExamCell> cells(Quiz quiz, Cells cells, MethodSpec method, int length, int samples) {
    return exam.run(quiz.plan(method, length, samples), cells, ExamListener.NONE).cells();
  }

  /// The same run as that of the evaluation, so that each finds the other's measurements.
  private RunHeader header(Quiz quiz) {
    ExamRun.Request request =
        new ExamRun.Request(quiz.kind(), List.of(quiz.task()), quiz.depths(), quiz.definition());
    RunIdentity.Asking asking =
        new RunIdentity.Asking(
            SEED, false, "task", run.settings().preTokenizer(), run.settings().cacheType());
    return run.header(run.identity().exam(haystack, request, asking));
  }
}
