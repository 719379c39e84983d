package dev.farspan.formats.adapter;

import dev.farspan.tensor.Blocks;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// What an adapter adds to one matrix: `scale * B A` (Hu et al., arXiv 2106.09685, section 4.1).
///
/// @param a (rank, in)
/// @param b (out, rank)
/// @param scale factor on the product
record LowRankUpdate(Tensor a, Tensor b, double scale) {
  private static final int ALIGNMENT = 64;

  boolean fits(Tensor matrix) {
    return matrix.shape().rank() == 2
        && a.shape().rank() == 2
        && b.shape().rank() == 2
        && a.rows() == b.cols()
        && matrix.rows() == b.rows()
        && matrix.cols() == a.cols();
  }

  /// Returns the matrix with the update, 32-bit floats outside the heap whatever its type: a small
  /// update would be lost in the rounding of a shorter one.
  ///
  /// @param order the row of the update for each row of the matrix
  Tensor addedTo(Tensor matrix, IntUnaryOperator order, Arena arena) {
    int in = Math.toIntExact(matrix.cols());
    int out = Math.toIntExact(matrix.rows());
    long rowBytes = DType.F32.bytes(in);
    MemorySegment data = arena.allocate(out * rowBytes, ALIGNMENT);
    float[] down = a.toFloats();
    float[] up = b.toFloats();
    int rank = Math.toIntExact(a.rows());
    IntStream.range(0, out)
        .parallel()
        .forEach(
            row -> {
              float[] values = new float[in];
              matrix.copyRow(row, values, 0);
              int from = order.applyAsInt(row) * rank;
              add(down, Arrays.copyOfRange(up, from, from + rank), values);
              Blocks.encode(DType.F32, values, 0, in, data, row * rowBytes);
            });
    return new Tensor(matrix.name(), DType.F32, matrix.shape(), data);
  }

  private void add(float[] down, float[] up, float[] values) {
    for (int k = 0; k < up.length; k++) {
      float factor = (float) (scale * up[k]);
      int from = k * values.length;
      for (int i = 0; i < values.length; i++) {
        values[i] += factor * down[from + i];
      }
    }
  }

  /// The update of an embedding, whose A and B are stored for rows of another meaning:
  /// `lora_embedding_A` is (rank, vocab), `lora_embedding_B` (hidden, rank).
  static LowRankUpdate ofEmbedding(Tensor a, Tensor b, double scale) {
    return new LowRankUpdate(transposed(b), transposed(a), scale);
  }

  private static Tensor transposed(Tensor matrix) {
    int rows = Math.toIntExact(matrix.rows());
    int cols = Math.toIntExact(matrix.cols());
    float[] from = matrix.toFloats();
    float[] to = new float[from.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        to[c * rows + r] = from[r * cols + c];
      }
    }
    return Tensor.ofFloats(matrix.name(), Shape.of(cols, rows), to);
  }
}
