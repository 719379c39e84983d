package dev.farspan.kernels;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// Fast reads of memory off the heap: weights, which are mapped, and pages of the KV cache, which
/// are allocated.
///
/// A [MemorySegment] may be mapped, native or on the heap, and what C2 knows of its kind comes from
/// profiles that the whole process shares; the Vector API itself wraps arrays as segments while it
/// is interpreted. Once three kinds have been seen, every access is a virtual call (docs/LOG.md).
/// After a comparison with a constant class C2 knows better than the profile. Memory of another
/// kind than a loop expects is read by slower code.
final class Segments {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final Class<?> MAPPED = mappedClass();
  private static final Class<?> ALLOCATED = Arena.global().allocate(1).getClass();

  private static final long OFFSETS = (1L << 48) - 1;

  private Segments() {}

  /// Returns the class of a mapped segment; where the runtime's own image cannot be mapped, a class
  /// that no segment has.
  private static Class<?> mappedClass() {
    Path image = Path.of(System.getProperty("java.home", ""), "lib", "modules");
    try (FileChannel file = FileChannel.open(image);
        Arena arena = Arena.ofConfined()) {
      return file.map(MapMode.READ_ONLY, 0, 1, arena).getClass();
    } catch (IOException e) {
      return Segments.class;
    }
  }

  static boolean isMapped(MemorySegment memory) {
    return memory.getClass() == MAPPED;
  }

  static boolean isAllocated(MemorySegment memory) {
    return memory.getClass() == ALLOCATED;
  }

  /// Returns the same memory, its kind known to the compiler of the method that calls this.
  static MemorySegment mapped(MemorySegment memory) {
    if (memory.getClass() != MAPPED) {
      throw new IllegalArgumentException("this loop reads mapped memory only");
    }
    return memory;
  }

  /// Returns the same memory, its kind known to the compiler of the method that calls this.
  static MemorySegment allocated(MemorySegment memory) {
    if (memory.getClass() != ALLOCATED) {
      throw new IllegalArgumentException("this loop reads allocated memory only");
    }
    return memory;
  }

  /// Returns the same offset, no longer recognised by C2 as one that grows evenly in a loop. For
  /// those it splits the loop to check bounds ahead, which costs a short loop more than the checks
  /// do (docs/LOG.md). No memory is longer than 2^48.
  static long offset(long offset) {
    return offset & OFFSETS;
  }
}
