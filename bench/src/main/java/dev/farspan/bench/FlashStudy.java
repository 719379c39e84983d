package dev.farspan.bench;

import dev.farspan.bench.MemoryMeter.Used;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.attention.FlashAttention;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Naive against flash attention: time and memory of one layer that reads a whole prompt.
///
/// `bench/run flash-study [LONGEST] [THREADS]` writes the table and the picture of
/// docs/benchmarks.md.
public final class FlashStudy {
  private static final int SHORTEST = 1024;
  private static final int LONGEST = 32_768;
  private static final int BLOCK = 512;
  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final int RUNS = 3;

  private final Kernels kernels;
  private final Workers workers;

  FlashStudy(Kernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
  }

  /// One way to compute attention.
  ///
  /// @param seconds the best of some runs
  /// @param memory what one run took
  record Cost(double seconds, Used memory) {}

  /// Both ways at one length.
  ///
  /// @param tokens tokens of the prompt
  /// @param naive all scores at once; empty where they do not fit the heap
  /// @param flash tile by tile
  record Row(int tokens, Optional<Cost> naive, Cost flash) {}

  /// Measures and writes.
  ///
  /// @param args the longest prompt and the number of threads; by default 32768 and all
  public static void main(String[] args) {
    int longest = args.length > 0 ? count(args[0]) : LONGEST;
    int threads = args.length > 1 ? count(args[1]) : Runtime.getRuntime().availableProcessors();
    Kernels kernels = Kernels.best();
    try (Workers workers = new Workers(threads)) {
      List<Row> rows = new FlashStudy(kernels, workers).run(SHORTEST, longest);
      String command = String.join(" ", "bench/run flash-study", String.join(" ", args)).strip();
      StudyPage page = new StudyPage(rows, threads, kernels.describe(), command);
      page.write(Path.of(System.getProperty("farspan.root", ".")));
      System.out.print(page.section());
    }
  }

  private static int count(String text) {
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException(
          "'" + text + "' is no count: write bench/run flash-study [LONGEST] [THREADS]");
    }
    return Integer.parseInt(text);
  }

  /// Lengths double from the shortest to the longest.
  List<Row> run(int shortest, int longest) {
    List<Row> rows = new ArrayList<>();
    for (int tokens = shortest; tokens <= longest; tokens *= 2) {
      rows.add(row(tokens, tokens == shortest));
    }
    return rows;
  }

  private Row row(int tokens, boolean first) {
    Random random = new Random(20_261_124);
    int size = AttentionLayer.config().querySize();
    float[] queries = Inputs.floats(random, tokens * size);
    float[] out = new float[tokens * size];
    try (AttentionLayer layer = new AttentionLayer(random, tokens, CacheType.F32, kernels)) {
      Runnable flash = () -> flash(layer, queries, tokens, out);
      Runnable naive =
          () -> new NaiveAttention(kernels, workers, tokens).attend(layer.cache(), queries, out);
      if (first) {
        flash.run();
        float[] expected = out.clone();
        naive.run();
        // Sums of up to `tokens` weights of 1/tokens each: roundings of 2^-24 of a magnitude of 1.
        CheckedBenchmark.agree(out, expected, tokens * 0x1p-24, 1);
        warmUp(flash);
        warmUp(naive);
      }
      Cost ofFlash = cost(flash, tokens);
      return new Row(
          tokens, fits(tokens) ? Optional.of(cost(naive, tokens)) : Optional.empty(), ofFlash);
    }
  }

  private static boolean fits(int tokens) {
    // Besides the scores: rotated keys, values, queries and angles.
    long others = 8L * tokens * Inputs.HEAD_DIM * Float.BYTES;
    return NaiveAttention.scoreBytes(tokens) + others < MemoryMeter.free()
        && (long) tokens * tokens < Integer.MAX_VALUE - 8;
  }

  /// In blocks, as the engine reads a prompt.
  private void flash(AttentionLayer layer, float[] queries, int tokens, float[] out) {
    FlashAttention attention = new FlashAttention(kernels, workers);
    int size = AttentionLayer.config().querySize();
    float[] block = new float[BLOCK * size];
    float[] result = new float[BLOCK * size];
    for (int from = 0; from < tokens; from += BLOCK) {
      int rows = Math.min(BLOCK, tokens - from);
      System.arraycopy(queries, from * size, block, 0, rows * size);
      layer.attend(attention, block, from, rows, result);
      System.arraycopy(result, 0, out, from * size, rows * size);
    }
  }

  private static void warmUp(Runnable work) {
    long start = System.nanoTime();
    do {
      work.run();
    } while (System.nanoTime() - start < WARM_UP_NANOS);
  }

  /// The memory is that of a run of its own: what is measured must not slow what is timed.
  private static Cost cost(Runnable work, int tokens) {
    Used memory = MemoryMeter.of(work);
    double best = Double.POSITIVE_INFINITY;
    for (int run = 0; run < (tokens > 8192 ? 1 : RUNS); run++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return new Cost(best, memory);
  }
}
