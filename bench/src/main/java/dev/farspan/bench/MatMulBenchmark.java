package dev.farspan.bench;

import dev.farspan.kernels.Kernels;
import org.openjdk.jmh.annotations.Benchmark;

/// The matrix product of a prefill block of 512 tokens: `2 * 512 * 576 * 1536` operations.
public class MatMulBenchmark extends LinearMapBenchmark {
  /// Makes a benchmark.
  public MatMulBenchmark() {
    super(512);
  }

  @Override
  protected void multiply(Kernels kernels, Call call) {
    kernels.matMul(call.weights(), call.x(), call.rows(), call.y(), call.workers());
  }

  /// Multiplies.
  ///
  /// @return the outputs
  @Benchmark
  public float[] matMul() {
    multiply(FAST, call());
    return call().y();
  }
}
