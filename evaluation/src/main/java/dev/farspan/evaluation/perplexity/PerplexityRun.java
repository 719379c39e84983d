package dev.farspan.evaluation.perplexity;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.decode.Session;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/// Measures one pass after another; each is kept when it is finished.
public final class PerplexityRun {
  private static final int BLOCK = 512;

  private final Decoder decoder;
  private final Corpus corpus;
  private final PerplexityPlan plan;

  /// Makes a run.
  ///
  /// @param decoder the model
  /// @param corpus the texts
  /// @param plan what is to be measured
  public PerplexityRun(Decoder decoder, Corpus corpus, PerplexityPlan plan) {
    this.decoder = decoder;
    this.corpus = corpus;
    this.plan = plan;
  }

  /// Measures what has not been measured.
  ///
  /// @param cells where finished passes are kept and found
  /// @param progress told how many tokens have been read, of [#tokens]
  public void run(Cells cells, LongConsumer progress) {
    long done = 0;
    for (SharedPasses passes : missing(cells)) {
      long before = done;
      read(passes, cells, at -> progress.accept(before + at));
      done += passes.tokens();
    }
  }

  /// Returns the mean loss of every prediction of the plan.
  ///
  /// @param cells where all passes are found, after [#run]
  /// @return nats
  public double loss(Cells cells) {
    double nats = 0;
    long count = 0;
    for (int length : plan.lengths()) {
      for (Pass pass : plan.passes(corpus.documents(), length)) {
        for (MethodSpec method : plan.methods()) {
          JsonNode measured = cells.find(key(method, length, pass)).orElseThrow();
          for (PassLoss.Block block : PassLoss.read(measured).blocks()) {
            nats += block.nats();
            count += block.count();
          }
        }
      }
    }
    return nats / count;
  }

  /// Returns the tokens that are still to be read.
  ///
  /// @param cells where finished passes are found
  /// @return the count over all methods and lengths
  public long tokens(Cells cells) {
    return missing(cells).stream().mapToLong(SharedPasses::tokens).sum();
  }

  private List<SharedPasses> missing(Cells cells) {
    SharedPasses.Builder missing = new SharedPasses.Builder(decoder, plan.cacheType());
    for (int length : plan.lengths()) {
      for (MethodSpec method : plan.methods()) {
        for (Pass pass : plan.passes(corpus.documents(), length)) {
          if (cells.find(key(method, length, pass)).isEmpty()) {
            missing.add(method, length, pass);
          }
        }
      }
    }
    return missing.passes();
  }

  private static Labels key(MethodSpec method, int length, Pass pass) {
    return Labels.of("method", method.text())
        .and("length", length)
        .and("document", pass.document())
        .and("from", pass.from())
        .and("target", pass.firstTarget());
  }

  private void read(SharedPasses passes, Cells cells, LongConsumer progress) {
    int[] window = window(passes.longest());
    PassSink sink =
        new PassSink(
            window,
            passes.longest().firstTarget() - passes.longest().from(),
            plan.stride(),
            decoder.config().vocabSize());
    try (Session session = passes.open(decoder, plan.cacheType())) {
      double seconds = 0;
      for (SharedPasses.Part part : passes.parts()) {
        int end = part.pass().tokens() - 1; // the last token is predicted and need not be read
        long start = System.nanoTime();
        session.feed(
            Arrays.copyOfRange(window, session.position(), end), BLOCK, sink, progress::accept);
        seconds += (System.nanoTime() - start) / 1e9;
        PassLoss loss =
            new PassLoss(sink.blocks(part.pass().tokens()), end, seconds, session.cacheBytes());
        cells.keep(new Cell(key(passes.method(), part.length(), part.pass()), loss.json()));
      }
    }
  }

  private int[] window(Pass pass) {
    int[] window =
        Arrays.copyOfRange(
            corpus.documents().get(pass.document()).tokens(), pass.from(), pass.to());
    if (plan.protocol().beginsEveryWindow()) {
      corpus.begin().ifPresent(token -> window[0] = token);
    }
    return window;
  }
}
