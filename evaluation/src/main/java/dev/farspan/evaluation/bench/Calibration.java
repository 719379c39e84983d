package dev.farspan.evaluation.bench;

import dev.farspan.context.method.Method;
import dev.farspan.evaluation.bench.BenchListener.Phase;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.engine.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;

/// Short runs that the time of a long one is predicted from: prompts of a few lengths, each read
/// into an empty session and followed by some tokens one by one.
///
/// Tokens are drawn from the vocabulary by a fixed seed: speed does not depend on what they say.
public final class Calibration {
  private static final long SEED = 20_261_124;

  /// Tokens written after each prompt; the median of their times counts.
  private static final int WRITTEN = 12;

  private final Model model;
  private final BenchOptions options;
  private final BenchListener listener;
  private final LongSupplier nanos;

  /// What one length took.
  ///
  /// @param tokens tokens of the prompt
  /// @param readSeconds the best time of reading it
  /// @param writtenSeconds the median time of a token after it, in the best run
  public record Run(int tokens, double readSeconds, double writtenSeconds) {}

  /// What a whole run took, its memory as it was before the session closed.
  ///
  /// @param readSeconds time of the prompt
  /// @param writtenSeconds time of all tokens after it
  /// @param cacheBytes what the session's cache allocated
  /// @param resident the process's resident set, empty where the system does not tell
  public record Whole(
      double readSeconds, double writtenSeconds, long cacheBytes, Optional<ResidentSet> resident) {}

  /// Makes a calibration of a model.
  ///
  /// @param model the model; nothing else may run on it
  /// @param options how; its limits are not used
  /// @param listener hears of the progress
  public Calibration(Model model, BenchOptions options, BenchListener listener) {
    this(model, options, listener, System::nanoTime);
  }

  Calibration(Model model, BenchOptions options, BenchListener listener, LongSupplier nanos) {
    this.model = model;
    this.options = options;
    this.listener = listener;
    this.nanos = nanos;
  }

  /// Returns the times of short runs, the code warmed up before.
  ///
  /// @param method the context method in force
  /// @param lengths tokens of each prompt
  /// @return one run for each length
  public List<Run> runs(Method method, List<Integer> lengths) {
    warmUp(method, lengths.getFirst());
    long total = (long) options.runs() * lengths.stream().mapToInt(Integer::intValue).sum();
    long done = 0;
    List<Run> all = new ArrayList<>();
    for (int length : lengths) {
      Run best = new Run(length, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
      for (int run = 0; run < options.runs(); run++) {
        Run one = run(method, length, done, total);
        done += length;
        best =
            new Run(
                length,
                Math.min(best.readSeconds, one.readSeconds),
                Math.min(best.writtenSeconds, one.writtenSeconds));
      }
      all.add(best);
    }
    return all;
  }

  /// The interpreter and the first compiler are many times slower than what a long run sees.
  private void warmUp(Method method, int length) {
    long start = nanos.getAsLong();
    do {
      run(method, length, 0, length);
    } while (nanos.getAsLong() - start < options.warmUp().toNanos());
  }

  private Run run(Method method, int length, long before, long total) {
    try (Session session = open(method, length)) {
      double read = read(session, length, before, total);
      double[] written = new double[WRITTEN];
      Arrays.setAll(written, _ -> write(session));
      Arrays.sort(written);
      return new Run(length, read, written[WRITTEN / 2]);
    }
  }

  /// Runs a whole sequence once.
  ///
  /// @param method the context method in force
  /// @param prompt tokens read in blocks
  /// @param written tokens after them, one by one
  /// @return what it took
  public Whole whole(Method method, int prompt, int written) {
    try (Session session = open(method, prompt)) {
      double read = prompt == 0 ? 0 : read(session, prompt, 0, prompt);
      double wrote = 0;
      for (int i = 0; i < written; i++) {
        wrote += write(session);
        listener.onTokens(Phase.TIMING, i + 1L, written);
      }
      return new Whole(read, wrote, session.cacheBytes(), ResidentSet.read());
    }
  }

  private double read(Session session, int length, long before, long total) {
    int[] tokens = tokens(length);
    long start = nanos.getAsLong();
    session.feed(
        tokens,
        options.block(),
        Benchmark.logitsOf(position -> position == length - 1),
        done -> listener.onTokens(Phase.TIMING, before + done, total));
    return secondsSince(start);
  }

  private double write(Session session) {
    int[] token = tokens(1);
    LogitsSink sink = Benchmark.logitsOf(_ -> true);
    long start = nanos.getAsLong();
    session.feed(token, 1, sink, _ -> {});
    return secondsSince(start);
  }

  private Session open(Method method, int prompt) {
    SessionOptions session = new SessionOptions(method, prompt, options.cacheType());
    return Session.open(model.decoder(), session);
  }

  private int[] tokens(int count) {
    return new Random(SEED).ints(count, 0, model.config().textVocabSize()).toArray();
  }

  private double secondsSince(long start) {
    return Math.max(1, nanos.getAsLong() - start) / 1e9;
  }
}
