package dev.farspan.bench;

import dev.farspan.kernels.Kernels;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A benchmark that checks the answer first: wrong and fast is worth nothing.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class CheckedBenchmark {
  /// What is timed.
  static final Kernels FAST = Kernels.best();

  /// What it is compared with.
  static final Kernels REFERENCE = Kernels.reference();

  /// Makes a benchmark; its parameters are set afterwards.
  protected CheckedBenchmark() {}

  /// Makes the inputs and checks the answer.
  ///
  /// @throws IllegalStateException if the fast answer is wrong
  @Setup(Level.Trial)
  public final void setUp() {
    prepare(new Random(20_261_124));
    check();
  }

  /// Makes the inputs.
  ///
  /// @param random where numbers come from
  protected abstract void prepare(Random random);

  /// Compares what the fast kernel computes with the reference.
  ///
  /// @throws IllegalStateException if they differ by more than rounding
  protected abstract void check();

  /// Requires each number to be within `tolerance * scale` of the expected one.
  static void agree(float[] fast, float[] expected, double tolerance, double scale) {
    if (fast.length != expected.length) {
      throw new IllegalStateException(
          "the kernel made " + fast.length + " numbers, not " + expected.length);
    }
    for (int i = 0; i < fast.length; i++) {
      if (!(Math.abs(fast[i] - expected[i]) <= tolerance * scale)) {
        throw new IllegalStateException(
            "number %d is %s where the reference has %s: the kernel is wrong, do not time it"
                .formatted(i, fast[i], expected[i]));
      }
    }
  }
}
