package dev.farspan.bench;

import static dev.farspan.bench.Inputs.HIDDEN;
import static dev.farspan.bench.Inputs.INTERMEDIATE;

import dev.farspan.kernels.Activation;
import dev.farspan.kernels.Kernels;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;

/// The steps on one token's row: normalisation of 576 elements, SwiGLU of 1536.
public class RowBenchmark extends CheckedBenchmark {
  private static final float EPSILON = 1e-5f;

  private float[] x = {};
  private float[] weight = {};
  private float[] gate = {};
  private float[] up = {};
  private final float[] out = new float[HIDDEN];
  private final float[] gated = new float[INTERMEDIATE];

  /// Makes a benchmark.
  public RowBenchmark() {}

  @Override
  protected void prepare(Random random) {
    x = Inputs.floats(random, HIDDEN);
    weight = Inputs.floats(random, HIDDEN);
    gate = Inputs.floats(random, INTERMEDIATE);
    up = Inputs.floats(random, INTERMEDIATE);
  }

  @Override
  protected void check() {
    // A sum of 576 squares and a root, then two products of values below 5.
    agree(rmsNorm(FAST, new float[HIDDEN]), rmsNorm(REFERENCE, new float[HIDDEN]), 2e-6, 5);
    // exp errs by 2e-7 of itself; results are below 20.
    agree(gate(FAST, new float[INTERMEDIATE]), gate(REFERENCE, new float[INTERMEDIATE]), 1e-6, 20);
  }

  private float[] rmsNorm(Kernels kernels, float[] result) {
    kernels.rmsNorm(x, 0, HIDDEN, weight, EPSILON, result, 0);
    return result;
  }

  private float[] gate(Kernels kernels, float[] result) {
    System.arraycopy(gate, 0, result, 0, INTERMEDIATE);
    kernels.gate(Activation.SILU, result, up, 0, INTERMEDIATE);
    return result;
  }

  /// Normalises a row.
  ///
  /// @return the row
  @Benchmark
  public float[] rmsNorm() {
    return rmsNorm(FAST, out);
  }

  /// Applies SiLU to the gate and multiplies; the copy that keeps its input is timed too.
  ///
  /// @return the product
  @Benchmark
  public float[] gate() {
    return gate(FAST, gated);
  }
}
