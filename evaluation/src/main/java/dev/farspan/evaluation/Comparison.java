package dev.farspan.evaluation;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.kvcache.CacheType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Reads one text under one method after another, each in a session of its own.
public final class Comparison {
  private static final int BLOCK = 512;

  private final int[] tokens;
  private final Bands bands;
  private final Passes passes;
  private final LongSupplier nanos;

  /// Opens what a method is measured with.
  interface Passes {
    /// The logits of a position.
    int vocab();

    /// A fresh session under a method.
    Session open(MethodSpec spec);
  }

  Comparison(int[] tokens, Bands bands, Passes passes, LongSupplier nanos) {
    this.tokens = tokens.clone();
    this.bands = bands;
    this.passes = passes;
    this.nanos = nanos;
  }

  /// Returns a comparison on a model.
  ///
  /// @param decoder the model
  /// @param tokens the text
  /// @param bands where it is cut
  /// @param cacheType type of the KV cache
  /// @return a comparison that has measured nothing yet
  public static Comparison of(Decoder decoder, int[] tokens, Bands bands, CacheType cacheType) {
    int length = tokens.length;
    Passes passes =
        new Passes() {
          @Override
          public int vocab() {
            return decoder.config().vocabSize();
          }

          @Override
          public Session open(MethodSpec spec) {
            Method method = Method.resolve(spec, decoder.config(), length);
            return Session.open(decoder, new SessionOptions(method, length, cacheType));
          }
        };
    return new Comparison(tokens, bands, passes, System::nanoTime);
  }

  /// Returns the curve of every method, in the order given.
  ///
  /// @param methods what to measure
  /// @param store where curves of an interrupted run are found and new ones are kept;
  ///   [CurveStore#NONE] keeps nothing
  /// @param listener hears of the progress
  /// @return one curve for each method
  /// @throws IllegalArgumentException if a method does not suit the model
  public List<LossCurve> run(
      List<MethodSpec> methods, CurveStore store, ComparisonListener listener) {
    List<LossCurve> curves = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < methods.size(); i++) {
      MethodSpec spec = methods.get(i);
      var stored = store.find(spec.text());
      if (stored.isPresent()) {
        curves.add(stored.get());
      } else {
        long start = nanos.getAsLong();
        int later = unmeasured(methods.subList(i + 1, methods.size()), store);
        curves.add(measure(spec, new Reporter(i, spec, later, List.copyOf(seconds), listener)));
        seconds.add((nanos.getAsLong() - start) / 1e9);
        store.keep(curves.get(i));
      }
      listener.onCurve(i, curves.get(i), stored.isPresent());
    }
    return curves;
  }

  private static int unmeasured(List<MethodSpec> methods, CurveStore store) {
    return (int) methods.stream().filter(spec -> store.find(spec.text()).isEmpty()).count();
  }

  private LossCurve measure(MethodSpec spec, Reporter reporter) {
    LossSink sink = new LossSink(tokens, bands, passes.vocab(), Kernels.best());
    try (Session session = passes.open(spec)) {
      session.feed(tokens, BLOCK, sink, reporter::reached);
    }
    return sink.curve(spec.text());
  }

  /// Turns the positions of one pass into progress.
  private final class Reporter {
    private final int index;
    private final MethodSpec spec;
    private final int later;
    private final List<Double> seconds;
    private final ComparisonListener listener;
    private final Pace pace = new Pace(tokens.length, nanos.getAsLong());

    /// `later`: methods still to be measured after this one; `seconds`: what those before took.
    Reporter(
        int index, MethodSpec spec, int later, List<Double> seconds, ComparisonListener listener) {
      this.index = index;
      this.spec = spec;
      this.later = later;
      this.seconds = seconds;
      this.listener = listener;
    }

    void reached(int position) {
      pace.reached(position, nanos.getAsLong());
      double own = pace.secondsLeft();
      double others =
          later * seconds.stream().mapToDouble(s -> s).average().orElse(pace.secondsOfAll());
      listener.onProgress(
          new ComparisonListener.Progress(
              index,
              spec.text(),
              position,
              tokens.length,
              pace.rate(),
              duration(own),
              duration(own + others)));
    }

    private static Duration duration(double seconds) {
      return Duration.ofMillis(Math.round(seconds * 1000));
    }
  }
}
