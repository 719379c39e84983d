package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.B;
import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.H;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.floats;

import dev.farspan.kernels.Page.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Matrices of the KV cache to floats, one loop for each type, kept [OutOfLine].
///
/// A matrix is copied to the heap first, for the reason that [HeapBytes] gives.
final class PageLoads {
  private static final OutOfLine F16 = OutOfLine.load(PageLoads.class, "halves");
  private static final OutOfLine BF16 = OutOfLine.load(PageLoads.class, "brains");
  private static final OutOfLine Q8_0 = OutOfLine.load(PageLoads.class, "bytes");
  private static final OutOfLine Q4_0 = OutOfLine.load(PageLoads.class, "nibbles");
  private static final ThreadLocal<Copy> COPY = ThreadLocal.withInitial(Copy::new);

  private PageLoads() {}

  /// A matrix on the heap, as large as the largest that the thread has loaded.
  static final class Copy {
    private int elements;
    private int group; // elements that share a scale
    private short[] shorts = {}; // the elements of two bytes, or the scales
    private byte[] bytes = {};
    private float[] scales = {};

    void shorts(Matrix m) {
      elements = m.elements();
      if (shorts.length < elements) {
        shorts = new short[elements];
      }
      MemorySegment.copy(m.memory(), Cells.SHORT, m.at(), shorts, 0, elements);
    }

    void quantised(Matrix m) {
      elements = m.elements();
      group = m.group();
      int count = elements / group;
      int size = (int) PageLayout.scaleOffset(m.dtype(), elements);
      if (bytes.length < size || scales.length < count) {
        bytes = new byte[size];
        shorts = new short[Math.max(shorts.length, count)];
        scales = new float[count];
      }
      MemorySegment.copy(m.memory(), Cells.BYTE, m.at(), bytes, 0, size);
      MemorySegment.copy(m.memory(), Cells.SHORT, m.scaleAt(0), shorts, 0, count);
      for (int i = 0; i < count; i++) {
        scales[i] = Float.float16ToFloat(shorts[i]);
      }
    }
  }

  static void load(Matrix m, float[] out) {
    switch (m.dtype()) {
      case F32 -> MemorySegment.copy(m.memory(), Cells.FLOAT, m.at(), out, 0, m.elements());
      case F16 -> shorts(m, F16, out);
      case BF16 -> shorts(m, BF16, out);
      case Q8_0 -> quantised(m, Q8_0, out);
      case Q4_0 -> quantised(m, Q4_0, out);
      case F64, I8, I16, I32, I64, U8, BOOL, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          throw new IllegalStateException("no layout for " + m.dtype());
    }
  }

  private static void shorts(Matrix m, OutOfLine loop, float[] out) {
    Copy copy = COPY.get();
    copy.shorts(m);
    loop.run(copy, out);
  }

  private static void quantised(Matrix m, OutOfLine loop, float[] out) {
    if (m.group() % B.length() != 0) {
      plain(m, out); // rows that no power of two from a vector's length on divides
      return;
    }
    Copy copy = COPY.get();
    copy.quantised(m);
    loop.run(copy, out);
  }

  private static void plain(Matrix m, float[] out) {
    for (int i = 0; i < m.elements(); i++) {
      out[i] = Cells.load(m, i);
    }
  }

  /// A plain loop, which C2 turns into the machine's own conversion of halves (the Vector API has
  /// none): 3 times as fast as converting by shifts.
  static void halves(Copy m, float[] out) {
    short[] in = m.shorts;
    for (int i = 0; i < m.elements; i++) {
      out[i] = Float.float16ToFloat(in[i]);
    }
  }

  static void brains(Copy m, float[] out) {
    short[] in = m.shorts;
    for (int i = 0; i < m.elements; i += L) {
      Lanes.ints(ShortVector.fromArray(H, in, i))
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(out, i);
    }
  }

  static void bytes(Copy m, float[] out) {
    byte[] in = m.bytes;
    float[] scales = m.scales;
    for (int i = 0; i < m.elements; i += B.length()) {
      FloatVector scale = Lanes.splat(scales[i / m.group]);
      ByteVector q = ByteVector.fromArray(B, in, i);
      for (int part = 0; part < B.length() / L; part++) {
        FloatVector x = (FloatVector) q.convertShape(VectorOperators.B2F, F, part);
        x.mul(scale).intoArray(out, i + part * L);
      }
    }
  }

  static void nibbles(Copy m, float[] out) {
    byte[] in = m.bytes;
    float[] scales = m.scales;
    int half = m.elements / 2;
    int groups = half / m.group;
    for (int i = 0; i < half; i += B.length()) {
      FloatVector low = Lanes.splat(scales[i / m.group]);
      FloatVector high = Lanes.splat(scales[groups + i / m.group]);
      ByteVector q = ByteVector.fromArray(B, in, i);
      for (int part = 0; part < B.length() / L; part++) {
        IntVector both = (IntVector) q.convertShape(VectorOperators.B2I, I, part);
        floats(both.and(15).sub(8)).mul(low).intoArray(out, i + part * L);
        IntVector upper = both.lanewise(VectorOperators.LSHR, 4).and(15).sub(8);
        floats(upper).mul(high).intoArray(out, half + i + part * L);
      }
    }
  }
}
