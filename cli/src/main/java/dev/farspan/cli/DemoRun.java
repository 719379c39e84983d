package dev.farspan.cli;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunCells;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.perplexity.Corpus;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.perplexity.Perplexities.Place;
import dev.farspan.evaluation.perplexity.PerplexityRun;
import dev.farspan.evaluation.perplexity.Weighting;
import dev.farspan.evaluation.task.ChatFrame;
import dev.farspan.evaluation.task.Haystack;
import dev.farspan.evaluation.task.Passkey;
import dev.farspan.evaluation.task.run.Exam;
import dev.farspan.evaluation.task.run.ExamCell;
import dev.farspan.evaluation.task.run.ExamListener;
import dev.farspan.evaluation.task.run.ExamPlan;
import dev.farspan.evaluation.task.run.ExamScores;
import dev.farspan.evaluation.text.TextFile;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Measures a model for the demo, one method at a time, as `eval perplexity` and `eval passkey` do:
/// the runs are the same, so each finds the other's measurements.
final class DemoRun {
  private final Model model;
  private final DemoPlan plan;
  private final Corpus corpus;
  private final Exam exam;
  private final RunHeader readings;
  private final RunHeader passkeys;

  /// `facts`: the command and the machine, for the report.
  DemoRun(Model model, DemoPlan plan, Labels facts) {
    CacheType cacheType = new CacheTypeArgument().type();
    TextFile text = TextFile.heldOut();
    Haystack haystack = Haystack.standard(); // passkeys lie between sentences of their own
    this.model = model;
    this.plan = plan;
    this.corpus = TextArguments.corpus(text.parts(plan.documents()), model.tokenizer());
    this.exam = new Exam(model, cacheType, haystack, ChatFrame.NONE, Optional.empty());
    Labels named = Labels.of("model", String.valueOf(model.path().getFileName()));
    RunIdentity identity = RunIdentity.of(model);
    this.readings =
        new RunHeader(
            identity.perplexity(corpus, plan.reading(plan.methods().getFirst())),
            all(named.and("text", text.name()).and("mean", Weighting.TOKENS), facts));
    ExamRun.Request request =
        new ExamRun.Request("passkey", List.of(new Passkey()), List.of(), "passkey");
    RunIdentity.Asking asking =
        new RunIdentity.Asking(DemoPlan.SEED, false, "task", "file", cacheType);
    this.passkeys =
        new RunHeader(
            identity.exam(haystack, request, asking),
            all(named.and("text", haystack.name()), facts));
  }

  private static Labels all(Labels some, Labels more) {
    Labels all = some;
    for (var entry : more.entries().entrySet()) {
      all = all.and(entry.getKey(), entry.getValue());
    }
    return all;
  }

  /// Whether an earlier run has measured a method.
  boolean isKept(MethodSpec method, EvalOutput output, Console console) {
    PerplexityRun reading = new PerplexityRun(model.decoder(), corpus, plan.reading(method));
    return output.keep(readings, console, cells -> reading.tokens(cells) == 0)
        && output.keep(passkeys, console, cells -> plan.passkeys(method).isKept(cells));
  }

  /// Measures a method, or takes what an earlier run measured.
  DemoLine measure(String name, MethodSpec method, EvalOutput output, Console console) {
    try (Progress progress =
        console.progress(new Task(name, Task.Unit.TOKENS, plan.tokens(), Task.Pace.STEADY), 0)) {
      PerplexityRun reading = new PerplexityRun(model.decoder(), corpus, plan.reading(method));
      RunCells read = output.goOn(readings, console, cells -> reading.run(cells, progress::update));
      List<ExamCell> asked =
          output.keep(passkeys, console, cells -> ask(plan.passkeys(method), cells, progress));
      return line(name, method, Perplexities.of(read), asked);
    }
  }

  private List<ExamCell> ask(ExamPlan asked, Cells cells, Progress progress) {
    long total = asked.items().stream().mapToLong(item -> item.draw().length()).sum();
    return exam.run(
            asked,
            cells,
            new ExamListener() {
              @Override
              public void onProgress(long done, long all) {
                progress.update(plan.tokens() - total + done);
              }
            })
        .cells();
  }

  private DemoLine line(
      String name, MethodSpec method, Perplexities perplexities, List<ExamCell> asked) {
    ExamScores scores = new ExamScores(asked);
    Place place = new Place(method.text(), plan.longest());
    List<Double> losses = new ArrayList<>();
    List<Double> found = new ArrayList<>();
    int from = 0;
    for (int length : plan.lengths()) {
      losses.add(perplexities.loss(place, new Bands.Range(from, length)));
      found.add(scores.average(method.text(), length));
      from = length;
    }
    double reading =
        perplexities.costs().entrySet().stream()
            .filter(cost -> cost.getKey().method().equals(method.text()))
            .mapToDouble(cost -> cost.getValue().seconds())
            .sum();
    double asking = asked.stream().mapToDouble(ExamCell::seconds).sum();
    return new DemoLine(name, losses, found, asked, reading + asking);
  }
}
