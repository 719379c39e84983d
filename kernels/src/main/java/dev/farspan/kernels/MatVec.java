package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.L;

import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;

/// The product of one input with a weight matrix, straight from the stored blocks: every byte of
/// the weights is read once and that read is what it costs.
final class MatVec {
  private MatVec() {}

  static void run(Tensor w, float[] x, float[] y, Workers workers) {
    Sizes.checkMatMul(w, x, 1, y);
    int n = Sizes.rows(w);
    int k = Sizes.cols(w);
    float[] in = Nibbles.has(w.dtype()) ? Nibbles.prepare(w.dtype(), x, k, workers) : x;
    // 16 items a thread: each long enough to start, short enough to even out.
    int size = Math.max(1, n / (16 * workers.threads()));
    workers.run(
        (n + size - 1) / size,
        (item, worker) -> {
          int first = item * size;
          rows(w, in, k, y, first, Math.min(n, first + size), workers, worker);
        });
  }

  private static void rows(
      Tensor w, float[] x, int k, float[] y, int first, int last, Workers workers, int worker) {
    DType dtype = w.dtype();
    long rowBytes = w.rowBytes();
    switch (dtype) {
      case F32 -> {
        for (int r = first; r < last; r++) {
          y[r] = PlainDots.f32(w.data(), r * rowBytes, x, k);
        }
      }
      case F16 -> {
        for (int r = first; r < last; r++) {
          y[r] = PlainDots.f16(w.data(), r * rowBytes, x, k);
        }
      }
      case BF16 -> {
        for (int r = first; r < last; r++) {
          y[r] = PlainDots.bf16(w.data(), r * rowBytes, x, k);
        }
      }
      case Q4_0 -> {
        for (int r = first; r < last; r++) {
          y[r] = Nibbles.q40(w.data(), r * rowBytes, x, k);
        }
      }
      case Q4_1 -> {
        for (int r = first; r < last; r++) {
          y[r] = Nibbles.q41(w.data(), r * rowBytes, x, k);
        }
      }
      case Q4_K -> {
        float[] groups = workers.scratch(worker, 16);
        for (int r = first; r < last; r++) {
          y[r] = Nibbles.q4k(w.data(), r * rowBytes, x, k, groups);
        }
      }
      case Q8_0 -> {
        if (L < 8) {
          decoded(w, x, k, y, first, last, workers.scratch(worker, k));
          return;
        }
        for (int r = first; r < last; r++) {
          y[r] = ByteDots.q80(w.data(), r * rowBytes, x, k);
        }
      }
      case Q6_K -> {
        float[] groups = workers.scratch(worker, 16);
        for (int r = first; r < last; r++) {
          y[r] = Nibbles.q6k(w.data(), r * rowBytes, x, k, groups);
        }
      }
      case F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K ->
          decoded(w, x, k, y, first, last, workers.scratch(worker, k));
    }
  }

  private static void decoded(
      Tensor w, float[] x, int k, float[] y, int first, int last, float[] row) {
    for (int r = first; r < last; r++) {
      w.copyRow(r, row, 0);
      y[r] = PlainDots.floats(row, x, k);
    }
  }
}
