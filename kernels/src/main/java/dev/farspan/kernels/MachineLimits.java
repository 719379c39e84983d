package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.ORDER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// What the machine can do at best, measured: no kernel is faster than its arithmetic or than its
/// memory allows.
///
/// @param flopsPerSecond float32 multiplications and additions a second of all threads together
/// @param bytesPerSecond bytes a second that all threads together read from memory
public record MachineLimits(double flopsPerSecond, double bytesPerSecond) {
  private static final long LEAST_NANOS = 700_000_000;
  private static final long MOST_NANOS = 10 * LEAST_NANOS;

  /// A round that is shorter by less than this share is no better.
  private static final double BETTER = 0.02;

  private static final int ITEMS_PER_THREAD = 4;
  private static final int STEPS = 20_000;
  private static final int CHAINS = 10;

  /// Larger than the last-level cache that a few cores have for themselves.
  private static final long BUFFER = 256L << 20;

  private static final long CHUNK = 4L << 20;

  /// Measures this machine for about a second and a half; the best of many short rounds counts, so
  /// that work of others disturbs little.
  ///
  /// @param threads threads that compute at once, at least 1
  /// @return the limits; empty where the Vector API would be emulated and measure nothing
  /// @throws IllegalArgumentException if `threads` is less than 1
  public static Optional<MachineLimits> measure(int threads) {
    try (Workers workers = new Workers(threads)) {
      return KernelChoice.hasVectors()
          ? Optional.of(new MachineLimits(arithmetic(workers), reading(workers)))
          : Optional.empty();
    }
  }

  private static double arithmetic(Workers workers) {
    int items = workers.threads() * ITEMS_PER_THREAD;
    float[] results = new float[items];
    double flops = 2.0 * L * CHAINS * STEPS * items;
    double seconds =
        best(() -> workers.run(items, (item, _) -> results[item] = multiplyAdd(item + 1)));
    return flops / seconds;
  }

  private static double reading(Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      // Allocated memory is zeroed, so every page of it is really there.
      MemorySegment buffer = arena.allocate(BUFFER, 64);
      int chunks = (int) (BUFFER / CHUNK);
      float[] results = new float[chunks];
      double seconds =
          best(() -> workers.run(chunks, (c, _) -> results[c] = sum(buffer, c * CHUNK)));
      return BUFFER / seconds;
    }
  }

  /// The shortest time of one round, in seconds. Rounds go on until none has been better for a
  /// while: on a busy machine the compiler may take seconds to reach the loop.
  private static double best(Runnable round) {
    double best = Double.POSITIVE_INFINITY;
    long start = System.nanoTime();
    long now = start;
    long improved = start;
    while (now - start < LEAST_NANOS
        || (now - improved < LEAST_NANOS / 2 && now - start < MOST_NANOS)) {
      long before = System.nanoTime();
      round.run();
      now = System.nanoTime();
      double seconds = Math.max(1, now - before) / 1e9;
      if (seconds < best * (1 - BETTER)) {
        improved = now;
      }
      best = Math.min(best, seconds);
    }
    return best;
  }

  /// Ten chains in registers: two multiply-adds start per cycle and each takes four, so eight would
  /// do where all goes well, and ten and a factor still fit the 16 registers of AVX2.
  private static float multiplyAdd(float seed) {
    FloatVector factor = FloatVector.broadcast(F, 0.999f);
    FloatVector s0 = FloatVector.broadcast(F, seed);
    FloatVector s1 = s0.add(1);
    FloatVector s2 = s0.add(2);
    FloatVector s3 = s0.add(3);
    FloatVector s4 = s0.add(4);
    FloatVector s5 = s0.add(5);
    FloatVector s6 = s0.add(6);
    FloatVector s7 = s0.add(7);
    FloatVector s8 = s0.add(8);
    FloatVector s9 = s0.add(9);
    for (int i = 0; i < STEPS; i++) {
      s0 = s0.fma(factor, factor);
      s1 = s1.fma(factor, factor);
      s2 = s2.fma(factor, factor);
      s3 = s3.fma(factor, factor);
      s4 = s4.fma(factor, factor);
      s5 = s5.fma(factor, factor);
      s6 = s6.fma(factor, factor);
      s7 = s7.fma(factor, factor);
      s8 = s8.fma(factor, factor);
      s9 = s9.fma(factor, factor);
    }
    return s0.add(s1)
        .add(s2.add(s3))
        .add(s4.add(s5))
        .add(s6.add(s7))
        .add(s8.add(s9))
        .reduceLanes(VectorOperators.ADD);
  }

  private static float sum(MemorySegment buffer, long from) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    long vector = 4L * L;
    for (long at = from; at < from + CHUNK; at += 4 * vector) {
      s0 = s0.add(FloatVector.fromMemorySegment(F, buffer, at, ORDER));
      s1 = s1.add(FloatVector.fromMemorySegment(F, buffer, at + vector, ORDER));
      s2 = s2.add(FloatVector.fromMemorySegment(F, buffer, at + 2 * vector, ORDER));
      s3 = s3.add(FloatVector.fromMemorySegment(F, buffer, at + 3 * vector, ORDER));
    }
    return s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
  }
}
