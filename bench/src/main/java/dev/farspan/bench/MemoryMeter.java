package dev.farspan.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/// What a piece of work allocates on the heap, and how much of it is there at once.
final class MemoryMeter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private MemoryMeter() {}

  /// Memory of one piece of work, in bytes.
  ///
  /// @param allocated what all threads allocated, as the JVM counts it
  /// @param peak how much more of the heap was in use at the worst moment than before
  record Used(long allocated, long peak) {}

  static Used of(Runnable work) {
    System.gc();
    List<MemoryPoolMXBean> pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    long before = pools.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
    pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    long counted = THREADS.getTotalThreadAllocatedBytes();
    work.run();
    long allocated = THREADS.getTotalThreadAllocatedBytes() - counted;
    long peak = pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    return new Used(allocated, Math.max(0, peak - before));
  }

  /// Bytes that the heap can still take.
  static long free() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
  }
}
