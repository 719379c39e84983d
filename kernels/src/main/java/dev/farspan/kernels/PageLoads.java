package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.B;
import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.floats;

import dev.farspan.kernels.Page.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Matrices of the KV cache to floats, one loop for each type, kept [OutOfLine].
final class PageLoads {
  private static final OutOfLine F16 = OutOfLine.load(PageLoads.class, "halves");
  private static final OutOfLine BF16 = OutOfLine.load(PageLoads.class, "brains");
  private static final OutOfLine Q8_0 = OutOfLine.load(PageLoads.class, "bytes");
  private static final OutOfLine Q4_0 = OutOfLine.load(PageLoads.class, "nibbles");

  private PageLoads() {}

  static void load(Matrix m, float[] out) {
    if (!Segments.isAllocated(m.memory())) {
      plain(m, out);
      return;
    }
    switch (m.dtype()) {
      case F32 -> MemorySegment.copy(m.memory(), Cells.FLOAT, m.at(), out, 0, m.elements());
      case F16 -> F16.run(m, out);
      case BF16 -> BF16.run(m, out);
      case Q8_0 -> quantised(m, Q8_0, out);
      case Q4_0 -> quantised(m, Q4_0, out);
      case F64, I8, I16, I32, I64, U8, BOOL, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          throw new IllegalStateException("no layout for " + m.dtype());
    }
  }

  private static void quantised(Matrix m, OutOfLine loop, float[] out) {
    if (m.group() % B.length() == 0) {
      loop.run(m, out);
    } else {
      plain(m, out); // rows that no power of two from a vector's length on divides
    }
  }

  private static void plain(Matrix m, float[] out) {
    for (int i = 0; i < m.elements(); i++) {
      out[i] = Cells.load(m, i);
    }
  }

  /// A plain loop, which C2 turns into the machine's own conversion of halves (the Vector API has
  /// none): 1.6 times as fast as converting by shifts.
  static void halves(Matrix m, float[] out) {
    MemorySegment in = Segments.allocated(m.memory());
    long at = m.at();
    int n = m.elements();
    for (int i = 0; i < n; i++) {
      out[i] = Float.float16ToFloat(in.get(Cells.SHORT, at + 2L * i));
    }
  }

  static void brains(Matrix m, float[] out) {
    MemorySegment in = Segments.allocated(m.memory());
    long at = m.at();
    int n = m.elements();
    for (int i = 0; i < n; i++) {
      out[i] = Float.intBitsToFloat(in.get(Cells.SHORT, at + 2L * i) << 16);
    }
  }

  static void bytes(Matrix m, float[] out) {
    MemorySegment in = Segments.allocated(m.memory());
    for (int i = 0; i < m.elements(); i += B.length()) {
      FloatVector scale = scale(in, m, i);
      ByteVector q = ByteVector.fromMemorySegment(B, in, m.at() + i, Lanes.ORDER);
      for (int part = 0; part < B.length() / L; part++) {
        FloatVector x = (FloatVector) q.convertShape(VectorOperators.B2F, F, part);
        x.mul(scale).intoArray(out, i + part * L);
      }
    }
  }

  static void nibbles(Matrix m, float[] out) {
    MemorySegment in = Segments.allocated(m.memory());
    int half = m.elements() / 2;
    for (int i = 0; i < half; i += B.length()) {
      FloatVector low = scale(in, m, i);
      FloatVector high = scale(in, m, half + i);
      ByteVector q = ByteVector.fromMemorySegment(B, in, m.at() + i, Lanes.ORDER);
      for (int part = 0; part < B.length() / L; part++) {
        IntVector both = (IntVector) q.convertShape(VectorOperators.B2I, I, part);
        floats(both.and(15).sub(8)).mul(low).intoArray(out, i + part * L);
        IntVector upper = both.lanewise(VectorOperators.LSHR, 4).and(15).sub(8);
        floats(upper).mul(high).intoArray(out, half + i + part * L);
      }
    }
  }

  private static FloatVector scale(MemorySegment in, Matrix m, int index) {
    return Lanes.splat(Float.float16ToFloat(in.get(Cells.SHORT, m.scaleAt(index))));
  }
}
