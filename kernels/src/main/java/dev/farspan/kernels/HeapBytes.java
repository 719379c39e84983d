package dev.farspan.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian numbers in a byte array, and copies of mapped memory to one: for what gathers a
/// little from each of many rows, and so needs no loop of its own for each kind of memory, as
/// [Segments] does.
final class HeapBytes {
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
