package dev.farspan.bench;

import dev.farspan.kernels.Kernels;
import org.openjdk.jmh.annotations.Benchmark;

/// The product of one token of decode: it reads all weights, `576 * 1536` elements, from the cache
/// of the processor where they fit there.
public class MatVecBenchmark extends LinearMapBenchmark {
  /// Makes a benchmark.
  public MatVecBenchmark() {
    super(1);
  }

  @Override
  protected void multiply(Kernels kernels, Call call) {
    kernels.matVec(call.weights(), call.x(), call.y(), call.workers());
  }

  /// Multiplies.
  ///
  /// @return the output
  @Benchmark
  public float[] matVec() {
    multiply(FAST, call());
    return call().y();
  }
}
