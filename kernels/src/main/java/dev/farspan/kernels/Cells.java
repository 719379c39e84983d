package dev.farspan.kernels;

import static dev.farspan.kernels.Kernels.TILE;

import dev.farspan.kernels.Page.Matrix;
import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One element of the KV cache: little-endian, at any alignment. The plain definition of every
/// layout of [PageLayout].
final class Cells {
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private Cells() {}

  static float load(Matrix m, int index) {
    MemorySegment memory = m.memory();
    return switch (m.dtype()) {
      case F32 -> memory.get(FLOAT, m.at() + 4L * index);
      case F16 -> Float.float16ToFloat(memory.get(SHORT, m.at() + 2L * index));
      case BF16 -> Float.intBitsToFloat(memory.get(SHORT, m.at() + 2L * index) << 16);
      case Q8_0 -> scale(m, index) * memory.get(BYTE, m.at() + index);
      case Q4_0 -> scale(m, index) * (nibble(m, index) - 8);
      case F64, I8, I16, I32, I64, U8, BOOL, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          throw new IllegalStateException("no layout for " + m.dtype());
    };
  }

  private static float scale(Matrix m, int index) {
    return Float.float16ToFloat(m.memory().get(SHORT, m.scaleAt(index)));
  }

  private static int nibble(Matrix m, int index) {
    int half = m.elements() / 2;
    int both = m.memory().get(BYTE, m.at() + index % half);
    return (index < half ? both : both >>> 4) & 15;
  }

  /// Stores one position of all heads.
  static void store(Page page, int slot, float[] keys, float[] values, int start) {
    int headDim = page.layout().headDim();
    for (int h = 0; h < page.layout().kvHeads(); h++) {
      int from = start + h * headDim;
      store(page.keys(h), slot, TILE, keys, from, headDim);
      for (int d = 0; d < headDim; d += PanelProduct.WIDTH) {
        int at = page.layout().valueIndex(slot, d);
        int n = Math.min(PanelProduct.WIDTH, headDim - d);
        store(page.values(h), at, 1, values, from + d, n);
      }
    }
  }

  /// Fills a page of any type from one of type F32.
  static void quantise(Page exact, Page to) {
    for (int h = 0; h < to.layout().kvHeads(); h++) {
      convert(exact.keys(h), to.keys(h));
      convert(exact.values(h), to.values(h));
    }
  }

  /// Stores `n` elements, `step` apart from `index` on, in a matrix that is not quantised; F16 and
  /// BF16 rounded to nearest even.
  private static void store(Matrix m, int index, int step, float[] x, int at, int n) {
    MemorySegment memory = m.memory();
    switch (m.dtype()) {
      case F32 -> {
        for (int i = 0; i < n; i++) {
          memory.set(FLOAT, m.at() + 4L * (index + i * step), x[at + i]);
        }
      }
      case F16 -> {
        for (int i = 0; i < n; i++) {
          short half = Float.floatToFloat16(x[at + i]);
          memory.set(SHORT, m.at() + 2L * (index + i * step), half);
        }
      }
      case BF16 -> {
        for (int i = 0; i < n; i++) {
          memory.set(SHORT, m.at() + 2L * (index + i * step), brain(x[at + i]));
        }
      }
      case Q8_0, Q4_0 -> throw new IllegalStateException("quantised pages are written whole");
      case F64, I8, I16, I32, I64, U8, BOOL, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K ->
          throw new IllegalStateException("no layout for " + m.dtype());
    }
  }

  /// Returns the upper half of a float, rounded to nearest even; a NaN stays one.
  static short brain(float x) {
    int bits = Float.floatToRawIntBits(x);
    int rounded = bits + 0x7fff + (bits >>> 16 & 1);
    return (short) ((Float.isNaN(x) ? bits | 0x40_0000 : rounded) >>> 16);
  }

  private static void convert(Matrix exact, Matrix to) {
    if (to.dtype() == DType.Q4_0) {
      to.memory().asSlice(to.at(), to.elements() / 2).fill((byte) 0); // nibbles are added below
    }
    float[] group = new float[to.group()];
    for (int at = 0; at < to.elements(); at += group.length) {
      MemorySegment.copy(exact.memory(), FLOAT, exact.at() + 4L * at, group, 0, group.length);
      if (to.dtype().isQuantized()) {
        quantise(group, to, at);
      } else {
        store(to, at, 1, group, 0, group.length);
      }
    }
  }

  /// Quantises the elements that share a scale, as ggml does (`ggml/src/ggml-quants.c`,
  /// `quantize_row_q8_0_ref` and `quantize_row_q4_0_ref`): Q8_0 takes the largest magnitude to 127,
  /// Q4_0 the element of largest magnitude to -8.
  private static void quantise(float[] group, Matrix to, int at) {
    float largest = 0;
    for (float x : group) {
      if (Math.abs(x) > Math.abs(largest)) {
        largest = x;
      }
    }
    boolean bytes = to.dtype() == DType.Q8_0;
    short half = Float.floatToFloat16(bytes ? Math.abs(largest) / 127 : largest / -8);
    to.memory().set(SHORT, to.scaleAt(at), half);
    // By the scale as it is read back, not as it was before rounding to F16.
    float scale = Float.float16ToFloat(half);
    float inverse = scale == 0 ? 0 : 1 / scale;
    for (int i = 0; i < group.length; i++) {
      int whole = Math.round(group[i] * inverse);
      if (bytes) {
        to.memory().set(BYTE, to.at() + at + i, (byte) Math.clamp(whole, -127, 127));
      } else {
        addNibble(to, at + i, Math.clamp(whole + 8L, 0, 15));
      }
    }
  }

  private static void addNibble(Matrix m, int index, int nibble) {
    int half = m.elements() / 2;
    long place = m.at() + index % half;
    int both = m.memory().get(BYTE, place) & 0xff;
    m.memory().set(BYTE, place, (byte) (both | nibble << (index < half ? 0 : 4)));
  }
}
