package dev.farspan.planner.memory;

import dev.farspan.context.method.Method;
import dev.farspan.planner.shape.ModelShape;

/// The memory that a request takes while it runs.
///
/// @param method the method in force
/// @param weights mapped from the file; resident once every layer has run
/// @param cache the KV cache of one sequence, outside the heap
/// @param batch sequences kept at once
/// @param scratch buffers on the heap
/// @param jvm the virtual machine itself
public record MemoryPlan(
    Method method, long weights, CacheBytes cache, int batch, Scratch scratch, long jvm) {

  /// Strings of a prompt, and what was not counted.
  private static final long HEAP_REST = 64L << 20;

  /// The young generation is a third of the heap (`-XX:NewRatio=2`, the parallel collector's
  /// default).
  private static final int YOUNG = 3;

  /// A heap that is filled to the brim collects garbage all the time.
  private static final double HEAP_SLACK = 1.5;

  private static final long HEAP_STEP = 64L << 20;

  /// Returns the plan of a request.
  ///
  /// @param shape the model
  /// @param request what is asked of it
  /// @return its memory
  /// @throws IllegalArgumentException if the method does not suit the model
  /// @throws ArithmeticException if it takes more bytes than a long can count
  public static MemoryPlan of(ModelShape shape, Request request) {
    Method method = request.method(shape.config());
    CacheBytes cache = CacheGrowth.of(shape.config(), method, request.types(), request.reading());
    Scratch scratch = Scratch.of(shape.config(), method, request, cache);
    return new MemoryPlan(
        method, shape.weightBytes(), cache, request.batch(), scratch, JvmShare.bytes());
  }

  /// Returns the memory of all caches.
  ///
  /// @return bytes outside the heap
  public long caches() {
    return Math.multiplyExact(cache.total(), batch);
  }

  /// Returns the resident part of the heap under [#heap()]: garbage fills the young generation
  /// before anything is collected, what stays lies in the old one.
  ///
  /// @return bytes
  public long touchedHeap() {
    return heap() / YOUNG + scratch.total();
  }

  /// Returns the resident set under the limit of [#heap()]: everything.
  ///
  /// @return bytes
  public long total() {
    return Math.addExact(weights + touchedHeap() + jvm, caches());
  }

  /// Returns the heap to allow: `-Xmx`. Weights are mapped and caches come from arenas, so neither
  /// counts against it, nor against `-XX:MaxDirectMemorySize`.
  ///
  /// @return bytes, a multiple of 64 MiB
  public long heap() {
    long needed = (long) (HEAP_SLACK * scratch.total()) + HEAP_REST;
    return Math.ceilDiv(needed, HEAP_STEP) * HEAP_STEP;
  }
}
