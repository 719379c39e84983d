package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.H;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.ORDER;

import dev.farspan.kernels.Page.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Matrices of the KV cache to floats, one loop for each type, kept [OutOfLine].
final class PageLoads {
  private static final OutOfLine F16 = OutOfLine.load(PageLoads.class, "halves");
  private static final OutOfLine BF16 = OutOfLine.load(PageLoads.class, "brains");
  private static final OutOfLine Q8_0 = OutOfLine.load(PageLoads.class, "bytes");
  private static final OutOfLine Q4_0 = OutOfLine.load(PageLoads.class, "nibbles");

  /// As many bytes as a vector has floats; no species holds fewer than 8.
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * L)));

  private PageLoads() {}

  static void load(Matrix m, float[] out) {
    switch (m.dtype()) {
      case F32 -> MemorySegment.copy(m.memory(), Cells.FLOAT, m.at(), out, 0, m.elements());
      case F16 -> F16.run(m, out);
      case BF16 -> BF16.run(m, out);
      case Q8_0 -> {
        if (m.group() % B.length() == 0) {
          Q8_0.run(m, out);
        } else {
          plain(m, out);
        }
      }
      case Q4_0 -> {
        if (m.group() % B.length() == 0) {
          Q4_0.run(m, out);
        } else {
          plain(m, out);
        }
      }
      case F64, I8, I16, I32, I64, U8, BOOL, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          throw new IllegalStateException("no layout for " + m.dtype());
    }
  }

  private static void plain(Matrix m, float[] out) {
    for (int i = 0; i < m.elements(); i++) {
      out[i] = Cells.load(m, i);
    }
  }

  /// A plain loop, which C2 turns into the machine's own conversion of halves (the Vector API has
  /// none): 3 times as fast as converting by shifts.
  static void halves(Matrix m, float[] out) {
    MemorySegment memory = m.memory();
    long at = m.at();
    int n = m.elements();
    for (int i = 0; i < n; i++) {
      out[i] = Float.float16ToFloat(memory.get(Cells.SHORT, at + 2L * i));
    }
  }

  static void brains(Matrix m, float[] out) {
    MemorySegment memory = m.memory();
    long at = m.at();
    int n = m.elements();
    for (int i = 0; i < n; i += L) {
      Lanes.ints(ShortVector.fromMemorySegment(H, memory, at + 2L * i, ORDER))
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(out, i);
    }
  }

  static void bytes(Matrix m, float[] out) {
    MemorySegment memory = m.memory();
    long at = m.at();
    int n = m.elements();
    int group = m.group();
    long scales = m.scaleAt(0);
    for (int g = 0; g < n; g += group, scales += 2) {
      FloatVector scale = Lanes.splat(Float.float16ToFloat(memory.get(Cells.SHORT, scales)));
      for (int i = g; i < g + group; i += B.length()) {
        ByteVector q = ByteVector.fromMemorySegment(B, memory, at + i, ORDER);
        for (int part = 0; part < B.length() / L; part++) {
          FloatVector x = (FloatVector) q.convertShape(VectorOperators.B2F, F, part);
          x.mul(scale).intoArray(out, i + part * L);
        }
      }
    }
  }

  static void nibbles(Matrix m, float[] out) {
    MemorySegment memory = m.memory();
    long at = m.at();
    int half = m.elements() / 2;
    int group = m.group();
    long scales = m.scaleAt(0);
    long scalesOfHigh = m.scaleAt(half);
    for (int g = 0; g < half; g += group, scales += 2, scalesOfHigh += 2) {
      FloatVector low = Lanes.splat(Float.float16ToFloat(memory.get(Cells.SHORT, scales)));
      FloatVector high = Lanes.splat(Float.float16ToFloat(memory.get(Cells.SHORT, scalesOfHigh)));
      for (int i = g; i < g + group; i += B.length()) {
        ByteVector q = ByteVector.fromMemorySegment(B, memory, at + i, ORDER);
        for (int part = 0; part < B.length() / L; part++) {
          IntVector both = (IntVector) q.convertShape(VectorOperators.B2I, I, part);
          floats(both.and(15).sub(8)).mul(low).intoArray(out, i + part * L);
          IntVector upper = both.lanewise(VectorOperators.LSHR, 4).and(15).sub(8);
          floats(upper).mul(high).intoArray(out, half + i + part * L);
        }
      }
    }
  }

  private static FloatVector floats(IntVector v) {
    return (FloatVector) v.convert(VectorOperators.I2F, 0);
  }
}
