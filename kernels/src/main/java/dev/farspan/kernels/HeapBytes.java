package dev.farspan.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian numbers in a byte array, and copies of mapped memory to one.
///
/// The kernels read weights and pages from arrays. A [MemorySegment] may be mapped, native or on
/// the heap, and what C2 knows of its kind comes from profiles that the whole process shares; the
/// Vector API itself wraps arrays as segments while it is interpreted. Once three kinds have been
/// seen, every access is a virtual call, and a product of Q4_1 takes four times as long
/// (docs/LOG.md). The copy stays in the first-level cache.
final class HeapBytes {
  /// Bytes that are copied at once: half of a first-level cache.
  static final int CHUNK = 16 * 1024;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private HeapBytes() {}

  static void copy(MemorySegment from, long at, byte[] to, int index, int count) {
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, to, index, count);
  }

  static int intAt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static float floatAt(byte[] bytes, int at) {
    return Float.intBitsToFloat(intAt(bytes, at));
  }

  static float halfAt(byte[] bytes, int at) {
    return Float.float16ToFloat((short) SHORT.get(bytes, at));
  }
}
