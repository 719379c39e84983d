package dev.farspan.kernels;

import static dev.farspan.kernels.WeightTiles.HEIGHT;
import static dev.farspan.kernels.WeightTiles.WIDTH;

import dev.farspan.tensor.Tensor;
import java.util.Arrays;

/// The product of many input rows with a weight matrix. Panels of WIDTH weight rows are decoded to
/// floats, transposed, and multiplied tile by tile.
///
/// The depth is cut at fixed places and every output belongs to one item of the loop, so its bits
/// depend on nothing but its own row and weights.
final class MatMul {
  /// Depth of one panel: with 16 columns 16 KB, half of a first-level cache. Whole super-blocks.
  private static final int DEPTH = 256;

  /// Input rows that meet one panel before the next, whole groups of them: 128 x 256 floats stay in
  /// the second level.
  private static final int ROWS = 128;

  /// Panels of one item at most; more would push the input rows out of the second level.
  private static final int PANELS = 8;

  private final Tensor w;
  private final float[] x;
  private final int rows;
  private final float[] y;
  private final Workers workers;
  private final int n;
  private final int k;
  private final int columns; // of one item
  private final float[] packed; // the inputs, see WeightTiles

  private MatMul(Tensor w, float[] x, int rows, float[] y, Workers workers) {
    this.w = w;
    this.x = x;
    this.rows = rows;
    this.y = y;
    this.workers = workers;
    n = Sizes.rows(w);
    k = Sizes.cols(w);
    // At least 4 items a thread, so that the last one to finish is not long alone.
    int panels = (n + WIDTH - 1) / WIDTH / (4 * workers.threads());
    columns = WIDTH * Math.clamp(panels, 1, PANELS);
    packed = workers.packed(rows / HEIGHT * HEIGHT * k);
  }

  static void run(Tensor w, float[] x, int rows, float[] y, Workers workers) {
    Sizes.checkMatMul(w, x, rows, y);
    MatMul product = new MatMul(w, x, rows, y, workers);
    workers.run(rows / HEIGHT, product::pack);
    workers.run((product.n + product.columns - 1) / product.columns, product::item);
  }

  private void pack(int group, int worker) {
    int at = group * HEIGHT * k;
    WeightTiles.pack(x, at, k, packed, at);
  }

  /// Computes the outputs `[first, last)` of all rows.
  private void item(int item, int worker) {
    int first = item * columns;
    int last = Math.min(n, first + columns);
    int panels = (last - first + WIDTH - 1) / WIDTH;
    float[] scratch = workers.scratch(worker, DEPTH * columns + ROWS * WIDTH);
    PanelDecoder decoder = workers.decoder(worker);
    for (int r = 0; r < rows; r++) {
      Arrays.fill(y, r * n + first, r * n + last, 0);
    }
    for (int from = 0; from < k; from += DEPTH) {
      int depth = Math.min(DEPTH, k - from);
      for (int p = 0; p < panels; p++) {
        int row = first + p * WIDTH;
        decoder.decode(w, row, Math.min(WIDTH, n - row), from, depth, scratch, p * DEPTH * WIDTH);
      }
      for (int r = 0; r < rows; r += ROWS) {
        for (int p = 0; p < panels; p++) {
          multiply(r, first + p * WIDTH, from, depth, scratch, p * DEPTH * WIDTH);
        }
      }
    }
  }

  /// Adds one panel's product to the outputs of up to ROWS rows from `r` on.
  private void multiply(int r, int column, int from, int depth, float[] scratch, int panel) {
    int height = Math.min(ROWS, rows - r);
    int width = Math.min(WIDTH, n - column);
    int to = r * n + column;
    if (width == WIDTH) {
      tiles(r, from, height, scratch, panel, y, to, n, depth);
      return;
    }
    // The last panel is narrower than a tile: whole tiles go to scratch, its columns to y.
    int edge = DEPTH * columns;
    Arrays.fill(scratch, edge, edge + height * WIDTH, 0);
    tiles(r, from, height, scratch, panel, scratch, edge, WIDTH, depth);
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        y[to + i * n + j] += scratch[edge + i * WIDTH + j];
      }
    }
  }

  private void tiles(
      int r, int from, int height, float[] b, int panel, float[] c, int to, int stride, int depth) {
    int groups = height / HEIGHT;
    int at = r * k + from * HEIGHT;
    WeightTiles.add(packed, at, HEIGHT * k, groups, b, panel, c, to, stride, depth);
    int whole = groups * HEIGHT;
    if (height > whole) {
      new Product(x, k, b, WIDTH, c, stride)
          .add((r + whole) * k + from, panel, to + whole * stride, height - whole, WIDTH, depth);
    }
  }
}
