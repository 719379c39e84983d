package dev.farspan.bench;

import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.util.Random;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;

/// A linear map of the feed-forward block, 576 to 1536, in every type that weights are stored in;
/// 512 where the type needs rows of a multiple of 256.
public abstract class LinearMapBenchmark extends CheckedBenchmark {
  /// How the weights are stored.
  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q6_K"})
  public DType dtype = DType.F32;

  /// Threads that share the work.
  @Param({"1", "2"})
  public int threads = 1;

  private final int rows;
  private Workers workers = new Workers(1);
  private Tensor weights = Inputs.weights(new Random(0), DType.F32, 1, 1);
  private float[] x = {};
  private float[] y = {};

  /// Makes a benchmark.
  ///
  /// @param rows rows of the input
  protected LinearMapBenchmark(int rows) {
    this.rows = rows;
  }

  /// Multiplies with one implementation.
  ///
  /// @param kernels which
  /// @param call operands and result
  protected abstract void multiply(Kernels kernels, Call call);

  /// One product.
  ///
  /// @param weights matrix (n, k)
  /// @param x inputs (rows, k)
  /// @param rows how many
  /// @param y outputs (rows, n)
  /// @param workers who shares the work
  @SuppressWarnings("ArrayRecordComponent") // never compared; handed to the kernel
  protected record Call(Tensor weights, float[] x, int rows, float[] y, Workers workers) {}

  @Override
  protected void prepare(Random random) {
    int columns = dtype.blockSize() == 256 ? 512 : Inputs.HIDDEN;
    workers = new Workers(threads);
    weights = Inputs.weights(random, dtype, Inputs.INTERMEDIATE, columns);
    x = Inputs.floats(random, rows * columns);
    y = new float[rows * Inputs.INTERMEDIATE];
  }

  @Override
  protected void check() {
    float[] expected = new float[y.length];
    multiply(REFERENCE, new Call(weights, x, rows, expected, workers));
    multiply(FAST, call());
    // 576 products of magnitude 1 (weights of the K types are below 25): partial sums stay below
    // 150 times that, and each of 576 roundings errs by at most 2^-24 of one.
    agree(y, expected, 576 * 0x1p-24 * 150, dtype.blockSize() == 256 ? 25 : 1);
  }

  /// Returns the product to time.
  ///
  /// @return operands and result
  protected Call call() {
    return new Call(weights, x, rows, y, workers);
  }

  /// Ends the threads.
  @TearDown
  public void close() {
    workers.close();
  }
}
