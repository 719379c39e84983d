package dev.farspan.evaluation.bench;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.bench.BenchListener.Phase;
import dev.farspan.kernels.MachineLimits;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.engine.Model;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/// Times how fast a model reads and writes.
///
/// Tokens are drawn from the vocabulary by a fixed seed: speed does not depend on what they say.
/// The code is run for some seconds before it is timed, once for each kind of test. At depth 0
/// every run of a decode starts with an empty session; at other depths the session is filled once
/// and each run goes on where the one before it ended, so that run `r` of `n` tokens starts `r * n`
/// deeper.
public final class Benchmark {
  private static final long SEED = 20_261_124;

  /// Depth at which decode is warmed up, where the test is deeper: enough for its work to be split.
  private static final int WARM_DEPTH = 2048;

  private final Model model;
  private final BenchOptions options;
  private final BenchListener listener;
  private final ModelWork work;
  private final LongSupplier nanos;
  private final Set<String> warm = new HashSet<>();

  /// Makes a benchmark of a model.
  ///
  /// @param model the model; nothing else may run on it
  /// @param options how
  /// @param listener hears of the progress
  public Benchmark(Model model, BenchOptions options, BenchListener listener) {
    this(model, options, listener, System::nanoTime);
  }

  Benchmark(Model model, BenchOptions options, BenchListener listener, LongSupplier nanos) {
    this.model = model;
    this.options = options;
    this.listener = listener;
    this.work = new ModelWork(model.config(), model.weights(), options.cacheType());
    this.nanos = nanos;
  }

  /// Returns how fast a test runs under a method.
  ///
  /// @param test what to time
  /// @param spec the context method
  /// @return the rate of each run
  /// @throws IllegalArgumentException if the method does not suit the model
  public Measurement run(BenchTest test, MethodSpec spec) {
    return switch (test) {
      case BenchTest.Prefill prefill -> prefill(prefill, spec);
      case BenchTest.Decode decode -> decode(decode, spec);
    };
  }

  private Measurement prefill(BenchTest.Prefill test, MethodSpec spec) {
    Method method = Method.resolve(spec, model.config(), test.tokens());
    int[] tokens = tokens(test.tokens());
    if (warm.add("prefill " + method.name())) {
      warmUpPrefill(method, tokens);
    }
    long total = (long) options.runs() * tokens.length;
    List<Double> seconds = new ArrayList<>();
    for (int run = 0; run < options.runs(); run++) {
      long before = (long) run * tokens.length;
      try (Session session = open(method, tokens.length)) {
        long start = nanos.getAsLong();
        session.feed(
            tokens,
            options.block(),
            logitsOf(position -> position == tokens.length - 1),
            done -> listener.onTokens(Phase.TIMING, before + done, total));
        seconds.add(secondsSince(start));
      }
    }
    double flops = options.runs() * work.flops(method, 0, tokens.length, 1);
    OptionalDouble fraction =
        fraction(method, flops, limit(MachineLimits::flopsPerSecond), seconds);
    return new Measurement(test, method.name(), rates(tokens.length, seconds), fraction);
  }

  private Measurement decode(BenchTest.Decode test, MethodSpec spec) {
    int runs = options.runs();
    int end = Math.addExact(test.depth(), Math.multiplyExact(runs, test.tokens()));
    Method method = Method.resolve(spec, model.config(), end);
    if (warm.add((test.depth() > 0 ? "deep " : "shallow ") + method.name())) {
      warmUpDecode(method, test);
    }
    int[] tokens = tokens(test.tokens());
    List<Double> seconds = new ArrayList<>();
    double bytes = 0;
    Session session = filled(method, test.depth());
    try {
      for (int run = 0; run < runs; run++) {
        if (test.depth() == 0 && run > 0) {
          session.close();
          session = open(method, 0);
        }
        int from = session.position();
        seconds.add(decode(session, tokens, run));
        bytes += work.bytes(method, from, session.position());
      }
    } finally {
      session.close();
    }
    OptionalDouble fraction =
        fraction(method, bytes, limit(MachineLimits::bytesPerSecond), seconds);
    return new Measurement(test, method.name(), rates(tokens.length, seconds), fraction);
  }

  private double decode(Session session, int[] tokens, int run) {
    long total = (long) options.runs() * tokens.length;
    long done = (long) run * tokens.length;
    long start = nanos.getAsLong();
    for (int token : tokens) {
      session.feed(new int[] {token}, 1, logitsOf(_ -> true), _ -> {});
      done++;
      listener.onTokens(Phase.TIMING, done, total);
    }
    return secondsSince(start);
  }

  /// Whole prefills, the last one cut short, for as long as the options say.
  private void warmUpPrefill(Method method, int[] tokens) {
    long start = nanos.getAsLong();
    do {
      try (Session session = open(method, tokens.length)) {
        for (int at = 0; at < tokens.length && (at == 0 || !isWarm(start)); ) {
          int[] block = tokens(Math.min(options.block(), tokens.length - at));
          session.feed(block, options.block(), logitsOf(_ -> false), _ -> {});
          at += block.length;
        }
      }
    } while (!isWarm(start));
  }

  private void warmUpDecode(Method method, BenchTest.Decode test) {
    int[] tokens = tokens(test.tokens());
    try (Session session = filled(method, Math.min(test.depth(), WARM_DEPTH))) {
      long start = nanos.getAsLong();
      do {
        session.feed(tokens, 1, logitsOf(_ -> true), _ -> {});
      } while (!isWarm(start));
    }
  }

  private boolean isWarm(long start) {
    return nanos.getAsLong() - start >= options.warmUp().toNanos();
  }

  private Session filled(Method method, int depth) {
    Session session = open(method, depth);
    if (depth > 0) {
      session.feed(
          tokens(depth),
          options.block(),
          LogitsSink.NONE,
          done -> listener.onTokens(Phase.FILLING, done, depth));
    }
    return session;
  }

  private Session open(Method method, int promptLength) {
    return Session.open(
        model.decoder(), new SessionOptions(method, promptLength, options.cacheType()));
  }

  private int[] tokens(int count) {
    int vocab = model.config().textVocabSize();
    return new Random(SEED).ints(count, 0, vocab).toArray();
  }

  static LogitsSink logitsOf(IntPredicate positions) {
    return new LogitsSink() {
      @Override
      public boolean wants(int position) {
        return positions.test(position);
      }

      @Override
      public void accept(int position, float[] logits, int at) {}
    };
  }

  private double secondsSince(long start) {
    return Math.max(1, nanos.getAsLong() - start) / 1e9;
  }

  private static List<Double> rates(int tokens, List<Double> seconds) {
    return seconds.stream().map(s -> tokens / s).toList();
  }

  private OptionalDouble limit(ToDoubleFunction<MachineLimits> part) {
    return options.limits().stream().mapToDouble(part).findFirst();
  }

  private static OptionalDouble fraction(
      Method method, double work, OptionalDouble perSecond, List<Double> seconds) {
    if (perSecond.isEmpty() || !ModelWork.tells(method)) {
      return OptionalDouble.empty();
    }
    double time = seconds.stream().mapToDouble(Double::doubleValue).sum();
    return OptionalDouble.of(work / time / perSecond.getAsDouble());
  }
}
