package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;
import static dev.farspan.kernels.Lanes.I;
import static dev.farspan.kernels.Lanes.L;
import static dev.farspan.kernels.Lanes.floats;
import static dev.farspan.kernels.WeightTiles.WIDTH;

import dev.farspan.tensor.Blocks;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Decodes WIDTH weight rows into a panel `(depth, WIDTH)`, transposed.
///
/// Blocks are transposed while they are still packed: word `i` (4 bytes) of every row's block is
/// put side by side, and the 2 to 8 weights it holds are then unpacked for all rows at once. One
/// store thus moves up to 8 weights, where transposing floats would move one. Layouts without such
/// a path are decoded row by row. The layouts are spelled out in [Blocks].
final class PanelDecoder {
  // A Q6_K block has 48 words of quants, the most of all; scales and minima come in up to 16
  // groups.
  private final int[] words = new int[48 * WIDTH];
  private final float[] scales = new float[16 * WIDTH];
  private final float[] minima = new float[8 * WIDTH];
  private float[] rowMajor = new float[0];

  /// The pieces of the rows that are decoded, one after the other: see [HeapBytes].
  private byte[] data = new byte[0];

  /// Decodes elements `[from, from + depth)` of `count` rows from `row` on; the columns of the
  /// panel from `count` on become 0.
  void decode(Tensor w, int row, int count, int from, int depth, float[] out, int at) {
    DType dtype = w.dtype();
    if (count < WIDTH) {
      Arrays.fill(words, 0);
      Arrays.fill(scales, 0);
      Arrays.fill(minima, 0);
    }
    int rowBytes = copy(w, row, count, from, depth);
    int start = 0;
    switch (dtype) {
      case F32 -> single(start, rowBytes, count, depth, out, at);
      case F16, BF16 -> {
        if (depth % 2 == 0) {
          pairs(dtype, start, rowBytes, count, depth, out, at);
        } else {
          rowByRow(dtype, start, rowBytes, count, depth, out, at);
        }
      }
      case Q4_0, Q4_1, Q8_0, Q4_K, Q6_K -> {
        for (int i = 0; i < depth; i += dtype.blockSize()) {
          block(dtype, start, rowBytes, count, out, at + i * WIDTH);
          start += dtype.blockBytes();
        }
      }
      case F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K ->
          rowByRow(dtype, start, rowBytes, count, depth, out, at);
    }
  }

  /// Copies a piece of each row; returns how many bytes one takes.
  private int copy(Tensor w, int row, int count, int from, int depth) {
    int size = Math.toIntExact(w.dtype().bytes(depth));
    if (data.length < count * size) {
      data = new byte[WIDTH * size];
    }
    long start = row * w.rowBytes() + w.dtype().bytes(from);
    for (int r = 0; r < count; r++) {
      HeapBytes.copy(w.data(), start + r * w.rowBytes(), data, r * size, size);
    }
    return size;
  }

  private void rowByRow(
      DType dtype, int start, int rowBytes, int count, int depth, float[] out, int at) {
    if (rowMajor.length < WIDTH * depth) {
      rowMajor = new float[WIDTH * depth];
    }
    Arrays.fill(rowMajor, count * depth, WIDTH * depth, 0);
    MemorySegment bytes = MemorySegment.ofArray(data);
    for (int r = 0; r < count; r++) {
      Blocks.decode(dtype, bytes, start + (long) r * rowBytes, rowMajor, r * depth, depth);
    }
    for (int r = 0; r < WIDTH; r++) {
      for (int i = 0; i < depth; i++) {
        out[at + i * WIDTH + r] = rowMajor[r * depth + i];
      }
    }
  }

  private void single(int start, int rowBytes, int count, int depth, float[] out, int at) {
    if (count < WIDTH) {
      Arrays.fill(out, at, at + depth * WIDTH, 0);
    }
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < depth; i++) {
        out[at + i * WIDTH + r] = HeapBytes.floatAt(data, start + r * rowBytes + 4 * i);
      }
    }
  }

  /// Puts `n` words of each row's block, from a byte offset in the block on, side by side from word
  /// `to` on.
  private void gather(int start, int rowBytes, int count, int n, int to) {
    for (int r = 0; r < count; r++) {
      int from = start + r * rowBytes;
      for (int i = 0; i < n; i++) {
        words[(to + i) * WIDTH + r] = HeapBytes.intAt(data, from + 4 * i);
      }
    }
  }

  private void pairs(
      DType dtype, int start, int rowBytes, int count, int depth, float[] out, int at) {
    for (int i = 0; i < depth; i += 64) {
      int n = Math.min(64, depth - i) / 2;
      gather(start + 2 * i, rowBytes, count, n, 0);
      for (int lane = 0; lane < WIDTH; lane += L) {
        for (int j = 0; j < n; j++) {
          IntVector v = IntVector.fromArray(I, words, j * WIDTH + lane);
          int to = at + (i + 2 * j) * WIDTH + lane;
          half(dtype, v.lanewise(VectorOperators.LSHL, 16)).intoArray(out, to);
          half(dtype, v).intoArray(out, to + WIDTH);
        }
      }
    }
  }

  /// Returns the floats whose 16 bits stand in the upper half of each lane.
  private static FloatVector half(DType dtype, IntVector upper) {
    return dtype == DType.BF16
        ? upper.and(0xffff_0000).reinterpretAsFloats()
        : Lanes.fromHalf(upper.lanewise(VectorOperators.ASHR, 16));
  }

  private void block(DType dtype, int start, int rowBytes, int count, float[] out, int at) {
    switch (dtype) {
      case Q4_0 -> {
        for (int r = 0; r < count; r++) {
          float d = half(start + r * rowBytes);
          scales[r] = d;
          minima[r] = -8 * d;
        }
        gather(start + 2, rowBytes, count, 4, 0);
        nibbles(0, 4, 0, 0, 16, out, at);
      }
      case Q4_1 -> {
        for (int r = 0; r < count; r++) {
          scales[r] = half(start + r * rowBytes);
          minima[r] = half(start + r * rowBytes + 2);
        }
        gather(start + 4, rowBytes, count, 4, 0);
        nibbles(0, 4, 0, 0, 16, out, at);
      }
      case Q8_0 -> {
        for (int r = 0; r < count; r++) {
          scales[r] = half(start + r * rowBytes);
        }
        gather(start + 2, rowBytes, count, 8, 0);
        bytes(out, at);
      }
      case Q4_K -> {
        for (int r = 0; r < count; r++) {
          SubScales.q4k(data, start + r * rowBytes, scales, r, minima, r, WIDTH);
        }
        gather(start + 16, rowBytes, count, 32, 0);
        for (int pair = 0; pair < 4; pair++) {
          nibbles(pair * 8, 8, 2 * pair, 2 * pair + 1, 32, out, at + pair * 64 * WIDTH);
        }
      }
      case Q6_K -> {
        for (int r = 0; r < count; r++) {
          SubScales.q6k(data, start + r * rowBytes, scales, r, WIDTH);
        }
        gather(start, rowBytes, count, 48, 0);
        sixBits(0, 32, 0, out, at);
        sixBits(16, 40, 8, out, at + 128 * WIDTH);
      }
      case F32, F16, BF16, F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K ->
          throw new IllegalArgumentException(dtype + " has no packed path");
    }
  }

  private float half(int at) {
    return HeapBytes.halfAt(data, at);
  }

  /// Unpacks `n` words whose low nibbles belong to scale group `low` and whose high nibbles,
  /// `apart` elements further on, to group `high`.
  private void nibbles(int word, int n, int low, int high, int apart, float[] out, int at) {
    for (int lane = 0; lane < WIDTH; lane += L) {
      FloatVector d0 = FloatVector.fromArray(F, scales, low * WIDTH + lane);
      FloatVector m0 = FloatVector.fromArray(F, minima, low * WIDTH + lane);
      FloatVector d1 = FloatVector.fromArray(F, scales, high * WIDTH + lane);
      FloatVector m1 = FloatVector.fromArray(F, minima, high * WIDTH + lane);
      for (int i = 0; i < n; i++) {
        IntVector v = IntVector.fromArray(I, words, (word + i) * WIDTH + lane);
        int to = at + 4 * i * WIDTH + lane;
        int far = to + apart * WIDTH;
        for (int b = 0; b < 4; b++) {
          IntVector lo = v.lanewise(VectorOperators.LSHR, 8 * b).and(15);
          IntVector hi = v.lanewise(VectorOperators.LSHR, 8 * b + 4).and(15);
          floats(lo).fma(d0, m0).intoArray(out, to + b * WIDTH);
          floats(hi).fma(d1, m1).intoArray(out, far + b * WIDTH);
        }
      }
    }
  }

  private void bytes(float[] out, int at) {
    for (int lane = 0; lane < WIDTH; lane += L) {
      FloatVector d = FloatVector.fromArray(F, scales, lane);
      for (int i = 0; i < 8; i++) {
        IntVector v = IntVector.fromArray(I, words, i * WIDTH + lane);
        int to = at + 4 * i * WIDTH + lane;
        for (int b = 0; b < 4; b++) {
          IntVector q =
              v.lanewise(VectorOperators.LSHL, 24 - 8 * b).lanewise(VectorOperators.ASHR, 24);
          floats(q).mul(d).intoArray(out, to + b * WIDTH);
        }
      }
    }
  }

  /// Unpacks 128 elements of a Q6_K block: 16 words of low nibbles from `word` on, 8 words of upper
  /// bit pairs from `upper` on, scale groups from `group` on.
  private void sixBits(int word, int upper, int group, float[] out, int at) {
    for (int lane = 0; lane < WIDTH; lane += L) {
      for (int i = 0; i < 8; i++) {
        IntVector a = IntVector.fromArray(I, words, (word + i) * WIDTH + lane);
        IntVector b = IntVector.fromArray(I, words, (word + 8 + i) * WIDTH + lane);
        IntVector h = IntVector.fromArray(I, words, (upper + i) * WIDTH + lane);
        int g = (group + i / 4) * WIDTH + lane; // groups of 16 elements are 4 words
        FloatVector d0 = FloatVector.fromArray(F, scales, g);
        FloatVector d1 = FloatVector.fromArray(F, scales, g + 2 * WIDTH);
        FloatVector d2 = FloatVector.fromArray(F, scales, g + 4 * WIDTH);
        FloatVector d3 = FloatVector.fromArray(F, scales, g + 6 * WIDTH);
        for (int j = 0; j < 4; j++) {
          int to = at + (4 * i + j) * WIDTH + lane;
          int s = 8 * j;
          six(a, s, h, s).mul(d0).intoArray(out, to);
          six(b, s, h, s + 2).mul(d1).intoArray(out, to + 32 * WIDTH);
          six(a, s + 4, h, s + 4).mul(d2).intoArray(out, to + 64 * WIDTH);
          six(b, s + 4, h, s + 6).mul(d3).intoArray(out, to + 96 * WIDTH);
        }
      }
    }
  }

  private static FloatVector six(IntVector low, int shift, IntVector upper, int upperShift) {
    IntVector nibble = low.lanewise(VectorOperators.LSHR, shift).and(15);
    IntVector pair = upper.lanewise(VectorOperators.LSHR, upperShift).and(3);
    return floats(pair.lanewise(VectorOperators.LSHL, 4).or(nibble).sub(32));
  }
}
