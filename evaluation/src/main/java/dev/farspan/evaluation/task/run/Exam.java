package dev.farspan.evaluation.task.run;

import dev.farspan.context.method.Method;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.task.ChatFrame;
import dev.farspan.evaluation.task.Haystack;
import dev.farspan.evaluation.task.PieceEncoder;
import dev.farspan.evaluation.task.Question;
import dev.farspan.evaluation.task.Sample;
import dev.farspan.evaluation.task.SampleBuilder;
import dev.farspan.evaluation.task.Scoring;
import dev.farspan.evaluation.task.Words;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.PrefixReuse;
import dev.farspan.runtime.kvcache.CacheType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;

/// Asks a model the samples of a plan, one after the other, and keeps each as soon as it is done.
///
/// What has been read stays in the cache: a prompt is read from where it first differs from the one
/// before, with the same result as if it were read alone.
public final class Exam {
  private static final int BLOCK = 512;

  private final Model model;
  private final CacheType cacheType;
  private final SampleBuilder builder;
  private final PieceEncoder encoder;
  private final Optional<Judge> judge;

  /// Makes an exam.
  ///
  /// @param model who is asked; it must stay open
  /// @param cacheType what keys and values are stored as
  /// @param haystack the running text
  /// @param chat what stands around a message
  /// @param judge who scores in place of the tasks, if anybody does
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // there may be no judge
  public Exam(
      Model model, CacheType cacheType, Haystack haystack, ChatFrame chat, Optional<Judge> judge) {
    this.model = model;
    this.cacheType = cacheType;
    this.encoder = new PieceEncoder(model.tokenizer());
    this.builder = new SampleBuilder(encoder, chat, haystack);
    this.judge = judge;
  }

  /// What a run gave.
  ///
  /// @param cells one for each sample and method
  /// @param total time of the run
  /// @param inModel how much of it went into reading and writing tokens; the rest is the harness
  public record Result(List<ExamCell> cells, Duration total, Duration inModel) {
    /// Copies the list.
    public Result {
      cells = List.copyOf(cells);
    }
  }

  /// Asks everything that has not been asked before.
  ///
  /// @param plan what
  /// @param cells what an earlier run measured, and where new cells are kept
  /// @param listener told how it goes on
  /// @return all cells of the plan, measured now or before
  /// @throws IllegalArgumentException before anything runs, if a method does not fit the model or a
  ///   sample does not fit a length
  public Result run(ExamPlan plan, Cells cells, ExamListener listener) {
    long start = System.nanoTime(); // checking is part of what the harness takes
    List<ExamPlan.Item> items = plan.items();
    check(items);
    long total = items.stream().mapToLong(item -> item.draw().length()).sum();
    List<ExamCell> done = new ArrayList<>();
    long tokens = 0;
    try (PrefixReuse reuse = new PrefixReuse(model, cacheType, BLOCK)) {
      Answers answers = new Answers(model, reuse);
      for (ExamPlan.Item item : items) {
        Labels key = ExamCell.key(item);
        Optional<JsonNode> before = cells.find(key);
        long base = tokens;
        ExamCell cell =
            before
                .map(json -> ExamCell.of(item, json))
                .orElseGet(() -> ask(item, answers, at -> listener.onProgress(base + at, total)));
        if (before.isEmpty()) {
          cells.keep(new Cell(key, cell.json()));
        }
        tokens += item.draw().length();
        done.add(cell);
        listener.onProgress(tokens, total);
        listener.onCell(cell, before.isPresent());
      }
      return new Result(
          done, Duration.ofNanos(System.nanoTime() - start), Duration.ofNanos(answers.feeding()));
    }
  }

  /// Hours may pass before the last cell is reached: what is wrong is refused now.
  private void check(List<ExamPlan.Item> items) {
    for (ExamPlan.Item item : items) {
      Method.resolve(item.method(), model.config(), item.draw().length());
    }
    items.stream()
        .filter(item -> item.method().equals(items.getFirst().method()))
        .filter(item -> item.draw().index() == 0)
        .forEach(item -> builder.build(item.task(), item.draw()));
  }

  private ExamCell ask(ExamPlan.Item item, Answers answers, IntConsumer progress) {
    long start = System.nanoTime();
    Method method = Method.resolve(item.method(), model.config(), item.draw().length());
    Sample sample = builder.build(item.task(), item.draw());
    int shared = sample.context().length;
    int room = item.task().facts().answerTokens();
    Scoring scoring = item.task().facts().scoring();
    List<Double> depths = item.depths();
    List<ExamCell.Answer> given = new ArrayList<>();
    for (Sample.Item asked : sample.items()) {
      int[] prompt = sample.prompt(asked);
      String text = answers.greedy(method, prompt, shared, room, progress);
      double loss =
          answers.loss(method, prompt, shared, reference(asked.question(), scoring, room));
      given.add(
          new ExamCell.Answer(
              text,
              asked.question().expected().getFirst(),
              score(asked.question(), scoring, text),
              loss,
              depths.get(given.size())));
    }
    return ExamCell.of(item, given, (System.nanoTime() - start) / 1e9);
  }

  private double score(Question question, Scoring scoring, String answer) {
    return judge
        .map(j -> j.score(question, answer))
        .orElseGet(() -> scoring.score(answer, question.text(), question.expected()));
  }

  /// The tokens of the right answer: all references where all are wanted, else the first.
  private int[] reference(Question question, Scoring scoring, int room) {
    String text =
        scoring == Scoring.ALL ? Words.series(question.expected()) : question.expected().getFirst();
    int[] ids = encoder.next(" " + text);
    return Arrays.copyOf(ids, Math.min(ids.length, room));
  }
}
