package dev.farspan.kernels;

import dev.farspan.tensor.Blocks;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// The product of one input with one weight matrix, straight from the stored blocks. Used again for
/// one product after the other.
///
/// Every layout has a loop of its own, kept [OutOfLine].
final class MatVec {
  private static final OutOfLine ROWS_F32 = OutOfLine.rows(PlainDots.class, "rowsF32");
  private static final OutOfLine ROWS_F16 = OutOfLine.rows(PlainDots.class, "rowsF16");
  private static final OutOfLine ROWS_BF16 = OutOfLine.rows(PlainDots.class, "rowsBf16");
  private static final OutOfLine ROW_DECODED = OutOfLine.rows(PlainDots.class, "rowDecoded");
  private static final OutOfLine ROWS_Q4_0 = OutOfLine.rows(Words.class, "rowsQ40");
  private static final OutOfLine ROWS_Q4_1 = OutOfLine.rows(Words.class, "rowsQ41");
  private static final OutOfLine FOLD = OutOfLine.rows(HalfScales.class, "fold");
  private static final OutOfLine PAIRS_Q4_0 = OutOfLine.rows(PairedWords.class, "rowsQ40");
  private static final OutOfLine PAIRS_Q4_1 = OutOfLine.rows(PairedWords.class, "rowsQ41");
  private static final OutOfLine FOLD_WIDE = OutOfLine.rows(PairedWords.class, "fold");
  private static final OutOfLine ROWS_Q8_0 = OutOfLine.rows(ByteDots.class, "rowsQ80");
  private static final OutOfLine WIDE_Q8_0 = OutOfLine.rows(WideBytes.class, "rowsQ80");
  private static final OutOfLine SCALES_Q4_K = OutOfLine.rows(GroupScales.class, "q4k");
  private static final OutOfLine ROW_Q4_K = OutOfLine.rows(Words.class, "rowQ4K");
  private static final OutOfLine SCALES_Q6_K = OutOfLine.rows(GroupScales.class, "q6k");
  private static final OutOfLine UNPACK_Q6_K = OutOfLine.rows(SixBits.class, "unpack");
  private static final OutOfLine ROW_Q6_K = OutOfLine.rows(SixBits.class, "row");

  private static final float[] NOTHING = {};
  private static final Tensor NONE = Tensor.ofFloats("none", Shape.of(1), 0);

  private long rowBytes;
  int k;
  float[] y = NOTHING;

  /// The input, in the order in which its layout unpacks the weights.
  float[] x = NOTHING;

  private Tensor w = NONE;

  /// Whether weights have a loop that reads their blocks, and want the input of [WordInput] for it.
  static boolean readsBlocks(Tensor w) {
    return WordInput.has(w.dtype()) && Segments.isMapped(w.data());
  }

  void set(Tensor w, float[] x, float[] y) {
    this.w = w;
    this.x = x;
    this.y = y;
    rowBytes = w.rowBytes();
    k = Sizes.cols(w);
  }

  int rows() {
    return Sizes.rows(w);
  }

  /// How many floats [#rows] needs to work in for so many rows: a decoded row, or scales and
  /// weights of one, or a vector for each row.
  int scratch(int rows) {
    return Math.max(k + k / 16, rows * Lanes.L);
  }

  MemorySegment memory() {
    return Segments.mapped(w.data());
  }

  /// Returns where a row starts in [#memory].
  long at(int row) {
    return row * rowBytes;
  }

  /// Computes the outputs `[first, last)`.
  void rows(int first, int last, float[] scratch) {
    if (!Segments.isMapped(w.data())) {
      decoded(first, last, scratch);
      return;
    }
    switch (w.dtype()) {
      case F32 -> ROWS_F32.run(this, first, last, scratch);
      case F16 -> ROWS_F16.run(this, first, last, scratch);
      case BF16 -> ROWS_BF16.run(this, first, last, scratch);
      case Q4_0 -> nibbles(ROWS_Q4_0, PAIRS_Q4_0, first, last, scratch);
      case Q4_1 -> nibbles(ROWS_Q4_1, PAIRS_Q4_1, first, last, scratch);
      case Q8_0 -> {
        if (WideBytes.suit()) {
          folded(WIDE_Q8_0, FOLD_WIDE, first, last, scratch);
        } else {
          folded(ROWS_Q8_0, FOLD, first, last, scratch);
        }
      }
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
      case F64, I8, I16, I32, I64, U8, BOOL, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K ->
          decoded(first, last, scratch);
    }
  }

  private void nibbles(OutOfLine blocks, OutOfLine pairs, int first, int last, float[] lanes) {
    if (PairedWords.suit(k)) {
      folded(pairs, FOLD_WIDE, first, last, lanes);
    } else {
      folded(blocks, FOLD, first, last, lanes);
    }
  }

  private void folded(OutOfLine loop, OutOfLine fold, int first, int last, float[] lanes) {
    loop.run(this, first, last, lanes);
    fold.run(this, first, last, lanes);
  }

  private void decoded(int first, int last, float[] row) {
    for (int r = first; r < last; r++) {
      Blocks.decode(w.dtype(), w.data(), at(r), row, 0, k);
      ROW_DECODED.run(this, r, r + 1, row);
    }
  }
}
