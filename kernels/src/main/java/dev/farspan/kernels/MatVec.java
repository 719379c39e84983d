package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.L;

import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// The product of one input with a weight matrix, straight from the stored blocks: every byte of
/// the weights is read once and that read is what it costs.
///
/// Every layout has a loop of its own, kept [OutOfLine].
final class MatVec {
  private static final OutOfLine ROWS_F32 = OutOfLine.rows(PlainDots.class, "rowsF32");
  private static final OutOfLine ROWS_F16 = OutOfLine.rows(PlainDots.class, "rowsF16");
  private static final OutOfLine ROWS_BF16 = OutOfLine.rows(PlainDots.class, "rowsBf16");
  private static final OutOfLine ROW_DECODED = OutOfLine.rows(PlainDots.class, "rowDecoded");
  private static final OutOfLine ROWS_Q4_0 = OutOfLine.rows(Nibbles.class, "rowsQ40");
  private static final OutOfLine ROWS_Q4_1 = OutOfLine.rows(Nibbles.class, "rowsQ41");
  private static final OutOfLine ROWS_Q8_0 = OutOfLine.rows(ByteDots.class, "rows");
  private static final OutOfLine SCALES_Q4_K = OutOfLine.rows(GroupScales.class, "q4k");
  private static final OutOfLine ROW_Q4_K = OutOfLine.rows(Nibbles.class, "rowQ4K");
  private static final OutOfLine SCALES_Q6_K = OutOfLine.rows(GroupScales.class, "q6k");
  private static final OutOfLine UNPACK_Q6_K = OutOfLine.rows(Nibbles.class, "unpackSix");
  private static final OutOfLine ROW_Q6_K = OutOfLine.rows(Nibbles.class, "rowQ6K");

  final MemorySegment data;
  final long rowBytes;
  final int k;
  final float[] y;

  /// The input, in the order in which its layout unpacks the weights.
  final float[] x;

  private final Tensor w;
  private final Workers workers;

  private MatVec(Tensor w, float[] x, float[] y, Workers workers) {
    this.w = w;
    this.y = y;
    this.workers = workers;
    data = w.data();
    rowBytes = w.rowBytes();
    k = Sizes.cols(w);
    this.x = Nibbles.has(w.dtype()) ? Nibbles.prepare(w.dtype(), x, k, workers) : x;
  }

  static void run(Tensor w, float[] x, float[] y, Workers workers) {
    Sizes.checkMatMul(w, x, 1, y);
    int n = Sizes.rows(w);
    // 16 items a thread: each long enough to start, short enough to even out.
    int size = Math.max(1, n / (16 * workers.threads()));
    MatVec product = new MatVec(w, x, y, workers);
    workers.run(
        (n + size - 1) / size,
        (item, worker) -> product.rows(item * size, Math.min(n, (item + 1) * size), worker));
  }

  private void rows(int first, int last, int worker) {
    float[] scratch = workers.scratch(worker, k + k / 16);
    switch (w.dtype()) {
      case F32 -> ROWS_F32.run(this, first, last, scratch);
      case F16 -> ROWS_F16.run(this, first, last, scratch);
      case BF16 -> ROWS_BF16.run(this, first, last, scratch);
      case Q4_0 -> ROWS_Q4_0.run(this, first, last, scratch);
      case Q4_1 -> ROWS_Q4_1.run(this, first, last, scratch);
      case Q4_K -> {
        for (int r = first; r < last; r++) {
          SCALES_Q4_K.run(this, r, r + 1, scratch);
          ROW_Q4_K.run(this, r, r + 1, scratch);
        }
      }
      case Q6_K -> {
        for (int r = first; r < last; r++) {
          SCALES_Q6_K.run(this, r, r + 1, scratch);
          UNPACK_Q6_K.run(this, r, r + 1, scratch);
          ROW_Q6_K.run(this, r, r + 1, scratch);
        }
      }
      case Q8_0 -> {
        if (L < 8) {
          decoded(first, last, scratch);
        } else {
          ROWS_Q8_0.run(this, first, last, scratch);
        }
      }
      case F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K ->
          decoded(first, last, scratch);
    }
  }

  private void decoded(int first, int last, float[] row) {
    for (int r = first; r < last; r++) {
      w.copyRow(r, row, 0);
      ROW_DECODED.run(this, r, r + 1, row);
    }
  }
}
