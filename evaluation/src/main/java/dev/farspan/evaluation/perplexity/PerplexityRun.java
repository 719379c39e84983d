package dev.farspan.evaluation.perplexity;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import java.util.Arrays;
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
    for (int length : plan.lengths()) {
      for (MethodSpec method : plan.methods()) {
        for (Pass pass : plan.passes(corpus.documents(), length)) {
          Labels key = key(method, length, pass);
          if (cells.find(key).isEmpty()) {
            long before = done;
            PassLoss loss = measure(method, length, pass, at -> progress.accept(before + at));
            cells.keep(new Cell(key, loss.json()));
            done += pass.tokens();
          }
        }
      }
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
    long tokens = 0;
    for (int length : plan.lengths()) {
      for (Pass pass : plan.passes(corpus.documents(), length)) {
        for (MethodSpec method : plan.methods()) {
          tokens += cells.find(key(method, length, pass)).isEmpty() ? pass.tokens() : 0;
        }
      }
    }
    return tokens;
  }

  private static Labels key(MethodSpec method, int length, Pass pass) {
    return Labels.of("method", method.text())
        .and("length", length)
        .and("document", pass.document())
        .and("from", pass.from())
        .and("target", pass.firstTarget());
  }

  private PassLoss measure(MethodSpec spec, int length, Pass pass, LongConsumer progress) {
    int[] window =
        Arrays.copyOfRange(
            corpus.documents().get(pass.document()).tokens(), pass.from(), pass.to());
    if (plan.protocol().beginsEveryWindow()) {
      corpus.begin().ifPresent(token -> window[0] = token);
    }
    PassSink sink =
        new PassSink(
            window, pass.firstTarget() - pass.from(), plan.stride(), decoder.config().vocabSize());
    long start = System.nanoTime();
    Method method = Method.resolve(spec, decoder.config(), length);
    try (Session session =
        Session.open(decoder, new SessionOptions(method, length, plan.cacheType()))) {
      // The last token is predicted and need not be read.
      int[] read = Arrays.copyOf(window, window.length - 1);
      session.feed(read, BLOCK, sink, progress::accept);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new PassLoss(sink.blocks(), read.length, seconds, session.cacheBytes());
    }
  }
}
