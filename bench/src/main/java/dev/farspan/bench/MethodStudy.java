package dev.farspan.bench;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.ModelOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What context methods cost against the model as it is, how cost grows with length and depth, and
/// what streaming saves over recomputation.
///
/// `bench/run method-study MODEL` writes its section of docs/benchmarks.md. Methods take turns, a
/// block or some tokens at a time, so that a machine whose speed changes treats all alike.
public final class MethodStudy {
  private static final String BASE = "none";
  private static final int BLOCK = 512;
  private static final int ROUNDS = 12;
  private static final int WRITTEN = 16;
  private static final int WARM = 2048;
  private static final int WINDOW = 4096; // of streaming and recomputation, as in issue and paper

  private final Model model;

  private MethodStudy(Model model) {
    this.model = model;
  }

  /// What a method costs.
  ///
  /// @param method its specification
  /// @param read median over the blocks of a prompt of the time relative to `none`
  /// @param write the same of tokens written after it
  record Cost(String method, double read, double write) {}

  /// Costs at one depth.
  ///
  /// @param depth tokens of the prompt
  /// @param costs of each method
  record Costs(int depth, List<Cost> costs) {}

  /// How cost grows.
  ///
  /// @param read seconds of a token read, by its position
  /// @param write seconds of a token written, by depth
  record Growth(List<Fit.Point> read, List<Fit.Point> write) {}

  /// Seconds of a token written by three ways to see the last 4,096.
  ///
  /// @param streaming with sinks, long after the cache was full
  /// @param plain all of a text that is as long
  /// @param recomputed a fresh pass for each token
  record Streaming(double streaming, double plain, double recomputed) {}

  /// Measures and writes.
  ///
  /// @param args a model file, and the longest prompt of the part on growth; by default 16384
  public static void main(String[] args) {
    if (args.length < 1 || args.length > 2) {
      throw new IllegalArgumentException("write bench/run method-study MODEL [LONGEST]");
    }
    int longest = args.length > 1 ? Integer.parseInt(args[1]) : 16_384;
    int threads = Runtime.getRuntime().availableProcessors();
    Path path = Path.of(args[0]);
    try (Model model = Model.open(path, ModelOptions.ofThreads(threads))) {
      MethodStudy study = new MethodStudy(model);
      MethodPage page =
          new MethodPage(
              String.valueOf(path.getFileName()),
              List.of(
                  study.costs(
                      4096,
                      "linear:factor=2",
                      "ntk:factor=2",
                      "yarn:factor=2",
                      "llama3:factor=2",
                      "base:theta=1e6",
                      "self-extend:group=4,window=1024",
                      "dual-chunk:chunk=2k,local=512",
                      "rerope:window=1024",
                      "leaky-rerope:window=1024,k=8",
                      "infllm:local=1k,topk=8"),
                  study.costs(9728, "dynamic-linear", "dynamic-ntk", "dynamic-yarn")),
              study.growth(longest),
              study.streaming(),
              threads);
      new MarkedSection("methods")
          .write(Path.of(System.getProperty("farspan.root", ".")), page.section());
      System.out.print(page.section());
    }
  }

  private Costs costs(int depth, String... methods) {
    List<String> all = new ArrayList<>(List.of(BASE));
    all.addAll(Arrays.asList(methods));
    List<TimedSession> sessions = new ArrayList<>();
    try {
      for (String method : all) {
        warm(method);
        sessions.add(open(method, depth + ROUNDS * WRITTEN));
      }
      double[][] read = turns(sessions, depth / BLOCK, session -> session.read(BLOCK));
      double[][] write = turns(sessions, ROUNDS, session -> session.write(WRITTEN));
      return new Costs(
          depth,
          IntStream.range(1, all.size())
              .mapToObj(
                  m -> new Cost(all.get(m), ratio(read[m], read[0]), ratio(write[m], write[0])))
              .toList());
    } finally {
      sessions.forEach(TimedSession::close);
    }
  }

  @FunctionalInterface
  private interface Turn {
    double seconds(TimedSession session);
  }

  /// Every session in turn, again and again: seconds by session and round.
  private static double[][] turns(List<TimedSession> sessions, int rounds, Turn turn) {
    double[][] seconds = new double[sessions.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int s = 0; s < sessions.size(); s++) {
        seconds[s][round] = turn.seconds(sessions.get(s));
      }
    }
    return seconds;
  }

  private static double ratio(double[] some, double[] base) {
    return median(IntStream.range(0, some.length).mapToDouble(i -> some[i] / base[i]).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private TimedSession open(String method, int length) {
    return new TimedSession(model, MethodSpec.parse(method), length);
  }

  /// Loops are compiled within the first seconds.
  private void warm(String method) {
    try (TimedSession session = open(method, WARM)) {
      for (int at = 0; at < WARM; at += BLOCK) {
        session.read(BLOCK);
      }
      session.write(4 * WRITTEN);
    }
  }

  private Growth growth(int longest) {
    List<Fit.Point> read = new ArrayList<>();
    List<Fit.Point> write = new ArrayList<>();
    try (TimedSession session = open(BASE, longest)) {
      int next = 0;
      while (session.position() < longest) {
        if (session.position() >= next) {
          write.add(new Fit.Point(session.position() + WRITTEN / 2.0, written(session)));
          next = session.position() + Math.max(1024, longest / 16);
        }
        double at = session.position() + BLOCK / 2.0;
        read.add(new Fit.Point(at, session.read(BLOCK) / BLOCK));
      }
      write.add(new Fit.Point(session.position() + WRITTEN / 2.0, written(session)));
    }
    return new Growth(read, write);
  }

  /// The median of three short runs.
  private static double written(TimedSession session) {
    return median(IntStream.range(0, 3).mapToDouble(_ -> session.write(WRITTEN)).toArray());
  }

  private Streaming streaming() {
    String stream = "streaming:sinks=4,window=" + (WINDOW - 4);
    warm(stream);
    try (TimedSession streaming = open(stream, 2 * WINDOW);
        TimedSession plain = open(BASE, WINDOW);
        TimedSession recomputed = open("window-recompute:size=" + WINDOW, WINDOW)) {
      for (int at = 0; at < 2 * WINDOW; at += BLOCK) {
        streaming.read(BLOCK);
      }
      for (int at = 0; at < WINDOW; at += BLOCK) {
        plain.read(BLOCK);
        recomputed.read(BLOCK);
      }
      double[][] both = turns(List.of(streaming, plain), ROUNDS, session -> session.write(WRITTEN));
      double[] fresh = IntStream.range(0, 3).mapToDouble(_ -> recomputed.write(1)).toArray();
      return new Streaming(median(both[0]), median(both[1]), median(fresh));
    }
  }
}
