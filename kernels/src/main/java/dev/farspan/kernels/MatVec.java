package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.L;

import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// The product of one input with a weight matrix, straight from the stored blocks: every byte of the
/// weights is read once and that read is what it costs.
///
/// Every layout has a row loop of its own, which C2 compiles by itself. With all of them in one
/// method, a model of several layouts made that method too large to inline the vector operations.
final class MatVec {
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
    switch (w.dtype()) {
      case F32 -> PlainDots.rowsF32(this, first, last);
      case F16 -> PlainDots.rowsF16(this, first, last);
      case BF16 -> PlainDots.rowsBf16(this, first, last);
      case Q4_0 -> Nibbles.rowsQ40(this, first, last);
      case Q4_1 -> Nibbles.rowsQ41(this, first, last);
      case Q4_K -> Nibbles.rowsQ4K(this, first, last, workers.scratch(worker, k / 16));
      case Q6_K -> Nibbles.rowsQ6K(this, first, last, workers.scratch(worker, k / 16 + k));
      case Q8_0 -> {
        if (L < 8) {
          decoded(first, last, workers.scratch(worker, k));
        } else {
          ByteDots.rows(this, first, last);
        }
      }
      case F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K ->
          decoded(first, last, workers.scratch(worker, k));
    }
  }

  private void decoded(int first, int last, float[] row) {
    for (int r = first; r < last; r++) {
      w.copyRow(r, row, 0);
      y[r] = PlainDots.floats(row, x, k);
    }
  }
}
