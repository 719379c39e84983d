package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.cli.progress.Progress;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.task.ChatFrame;
import dev.farspan.evaluation.task.Filling;
import dev.farspan.evaluation.task.Haystack;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.run.Exam;
import dev.farspan.evaluation.task.run.ExamCell;
import dev.farspan.evaluation.task.run.ExamListener;
import dev.farspan.evaluation.task.run.ExamPlan;
import dev.farspan.evaluation.task.run.ExamScores;
import dev.farspan.runtime.engine.Model;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// How the retrieval evaluations run: the model is opened, every cell asked or taken from an
/// earlier run, the result printed.
final class ExamRun {
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final PreTokenizerArgument preTokenizer = new PreTokenizerArgument();
  @Mixin private final ExamArguments exam = new ExamArguments();
  @Mixin private final MethodArguments methods = new MethodArguments();
  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument();

  @Mixin private final EvalOutput output = new EvalOutput();

  /// What a command asks for.
  ///
  /// @param kind its name
  /// @param tasks what is asked
  /// @param depths places of needles, in percent
  /// @param definition what tells these tasks from others of their names
  record Request(String kind, List<Task> tasks, List<Double> depths, String definition) {}

  /// Whether a text was named.
  boolean hasText() {
    return exam.hasText();
  }

  /// Asks and prints.
  int run(CommandSpec spec, Console console, Request request, Function<ExamScores, String> text) {
    ExamPlan plan =
        new ExamPlan(
            request.tasks(),
            methods.all(),
            exam.lengths(),
            request.depths(),
            exam.samples(),
            exam.seed());
    exam.check(spec);
    requireUseOfText(spec, plan);
    Haystack haystack = exam.haystack();
    try (Model opened = model.open(console, preTokenizer.name())) {
      preTokenizer.report(opened, haystack.text(), console);
      for (MethodSpec method : plan.methods()) {
        plan.lengths()
            .forEach(
                length -> CacheRoom.require(opened.config(), method, length, cacheType.type()));
      }
      RunHeader header = header(spec, opened, haystack, request);
      Exam asked =
          new Exam(opened, cacheType.type(), haystack, chat(opened), exam.judge(console.host()));
      Exam.Result result = run(asked, plan, header, console);
      ExamScores scores = new ExamScores(result.cells());
      if (output.json()) {
        console.json(ExamJson.of(header, scores));
      } else {
        console.out().print(text.apply(scores));
        console.out().flush();
      }
      reportHarness(result, console);
      output.report(console);
    }
    return 0;
  }

  private void requireUseOfText(CommandSpec spec, ExamPlan plan) {
    if (exam.hasText()
        && plan.items().stream()
            .map(item -> item.task().layout(item.draw()).filling())
            .noneMatch(Filling.Running.class::isInstance)) {
      throw new ParameterException(
          spec.commandLine(),
          "no task asked here hides anything in a text, they make up their own: leave out --file");
    }
  }

  private Exam.Result run(Exam asked, ExamPlan plan, RunHeader header, Console console) {
    long total = plan.items().stream().mapToLong(item -> item.draw().length()).sum();
    dev.farspan.cli.progress.Task task =
        new dev.farspan.cli.progress.Task(
            header.identity().get("kind"),
            dev.farspan.cli.progress.Task.Unit.TOKENS,
            total,
            dev.farspan.cli.progress.Task.Pace.STEADY);
    try (Progress progress = console.progress(task, 0)) {
      ExamListener listener =
          new ExamListener() {
            @Override
            public void onProgress(long done, long all) {
              progress.update(done);
            }

            @Override
            public void onCell(ExamCell cell, boolean stored) {}
          };
      return output.keep(header, console, cells -> asked.run(plan, cells, listener));
    }
  }

  private static void reportHarness(Exam.Result result, Console console) {
    double inModel = result.inModel().toNanos() / 1e9;
    double beside = result.total().toNanos() / 1e9 - inModel;
    if (inModel > 0) {
      console.note(
          String.format(
              Locale.ROOT,
              "%s in the model, %.2f s (%.1f %%) beside it",
              Amounts.time(result.inModel()),
              beside,
              100 * beside / inModel));
    }
  }

  private ChatFrame chat(Model opened) {
    if (!exam.chat()) {
      return ChatFrame.NONE;
    }
    return opened
        .chatTemplate()
        .map(ChatFrame::of)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    opened.path() + " carries no chat template: leave out --chat"));
  }

  private RunHeader header(CommandSpec spec, Model opened, Haystack haystack, Request request) {
    RunIdentity.Asking asking =
        new RunIdentity.Asking(
            exam.seed(),
            exam.chat(),
            exam.scorer(),
            preTokenizer.name().orElse("file"),
            cacheType.type());
    Labels facts =
        Labels.of("model", String.valueOf(opened.path().getFileName()))
            .and("text", haystack.name())
            .and("command", CommandWords.of(spec))
            .and("machine", Machine.describe(model.threads()));
    return new RunHeader(RunIdentity.of(opened).exam(haystack, request, asking), facts);
  }
}
