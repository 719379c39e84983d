package dev.farspan.bench;

import static dev.farspan.bench.Inputs.HEAD_DIM;
import static dev.farspan.kernels.Kernels.TILE;

import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Rotary;
import java.util.Arrays;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// The steps of attention on one tile of 64 keys: 3 rows are the heads of a group in decode, 192
/// the rows of an item of prefill.
public class TileBenchmark extends CheckedBenchmark {
  private static final int GROUP = 3;

  /// Query rows.
  @Param({"3", "192"})
  public int rows = GROUP;

  private float[] queries = {};
  private float[] keys = {};
  private float[] scores = {};
  private float[] cos = {};
  private float[] sin = {};
  private float[] out = {};
  private float[] max = {};
  private float[] sum = {};
  private int[] from = {};
  private int[] to = {};
  private final Rotary rotary = new Rotary(HEAD_DIM, HEAD_DIM / 2, GROUP, 0.18f, 0.18f);

  /// Makes a benchmark.
  public TileBenchmark() {}

  @Override
  protected void prepare(Random random) {
    queries = Inputs.floats(random, rows * HEAD_DIM);
    keys = Inputs.floats(random, HEAD_DIM * TILE); // or values: the same size
    scores = Inputs.floats(random, rows * TILE);
    out = new float[rows * HEAD_DIM];
    int angles = rows / GROUP * HEAD_DIM / 2;
    cos = new float[angles];
    sin = new float[angles];
    for (int i = 0; i < angles; i++) {
      cos[i] = (float) Math.cos(i);
      sin[i] = (float) Math.sin(i);
    }
    from = new int[rows];
    to = new int[rows];
    Arrays.fill(to, TILE);
    max = new float[rows];
    sum = new float[rows];
  }

  @Override
  protected void check() {
    // 64 products of magnitude 1, partial sums below 60: 64 roundings of 2^-24.
    double product = 64 * 0x1p-24 * 60;
    agree(scores(FAST), scores(REFERENCE), product, 1);
    agree(accumulate(FAST), accumulate(REFERENCE), product, 1);
    agree(rotateRows(FAST), rotateRows(REFERENCE), 2e-6, 1); // three roundings of values below 5
    // 2^x errs by 2e-7, and the sum of 64 terms of at most 1 by 64 roundings.
    agree(softmaxTile(FAST), softmaxTile(REFERENCE), 64 * 0x1p-24, 64);
  }

  private float[] scores(Kernels kernels) {
    float[] result = new float[rows * TILE];
    kernels.scores(queries, rows, HEAD_DIM, keys, result);
    return result;
  }

  private float[] accumulate(Kernels kernels) {
    float[] result = new float[rows * HEAD_DIM];
    kernels.accumulate(scores, rows, TILE, keys, HEAD_DIM, result);
    return result;
  }

  private float[] rotateRows(Kernels kernels) {
    float[] result = new float[rows * HEAD_DIM];
    kernels.rotateRows(queries, rows, rotary, cos, sin, result);
    return result;
  }

  /// Weights, then the largest score and the sum of each row.
  private float[] softmaxTile(Kernels kernels) {
    float[] result = Arrays.copyOf(scores, rows * (TILE + 2));
    float[] most = new float[rows];
    float[] sums = new float[rows];
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    kernels.softmaxTile(result, rows, from, to, most, sums, new float[rows * HEAD_DIM], HEAD_DIM);
    System.arraycopy(most, 0, result, rows * TILE, rows);
    System.arraycopy(sums, 0, result, rows * (TILE + 1), rows);
    return result;
  }

  /// Scores of the rows against 64 keys: `2 * rows * 64 * 64` operations.
  ///
  /// @return the scores
  @Benchmark
  public float[] scores() {
    FAST.scores(queries, rows, HEAD_DIM, keys, scores);
    return scores;
  }

  /// Weighted sums of 64 values: `2 * rows * 64 * 64` operations.
  ///
  /// @return the sums; they grow from call to call
  @Benchmark
  public float[] accumulate() {
    FAST.accumulate(scores, rows, TILE, keys, HEAD_DIM, out);
    return out;
  }

  /// The softmax of a tile that raises no maximum, as most do; its weights are its next scores.
  ///
  /// @return the weights
  @Benchmark
  public float[] softmaxTile() {
    FAST.softmaxTile(scores, rows, from, to, max, sum, out, HEAD_DIM);
    return scores;
  }

  /// Rotation and scaling of the rows.
  ///
  /// @return the rotated rows
  @Benchmark
  public float[] rotateRows() {
    FAST.rotateRows(queries, rows, rotary, cos, sin, out);
    return out;
  }
}
