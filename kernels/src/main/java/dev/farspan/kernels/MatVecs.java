package dev.farspan.kernels;

import dev.farspan.tensor.Tensor;
import java.util.Arrays;

/// Products of one input with several weight matrices, as one loop: threads meet once for all of
/// them. Belongs to its [Workers] and is used for every product, so that none allocates.
///
/// Every thread lays the input out for itself. To read what another core has just written costs a
/// trip between cores for every 16 floats; one copy asks for them all at once, where the dot
/// products would wait for each in turn.
final class MatVecs implements Workers.Task {
  private final Workers workers;
  private final Own[] own;
  private Tensor[] weights = new Tensor[1];
  private float[][] outputs = new float[1][];
  private int[] ends = new int[1]; // one past the last item of each product
  private float[] x = {};
  private int size; // rows of an item
  private int loop;

  MatVecs(Workers workers, int threads) {
    this.workers = workers;
    own = new Own[threads];
    Arrays.setAll(own, i -> new Own());
  }

  /// What one thread works on.
  private static final class Own {
    final MatVec product = new MatVec();
    float[] input = {};
    float[] ordered = {};
    int loop;
  }

  void run(Tensor w, float[] x, float[] y) {
    Sizes.checkMatMul(w, x, 1, y);
    weights[0] = w;
    outputs[0] = y;
    share(1, x);
  }

  void run(int products, Tensor[] w, float[] x, float[][] y) {
    for (int i = 0; i < products; i++) {
      Sizes.checkMatMul(w[i], x, 1, y[i]);
    }
    if (weights.length < products) {
      weights = new Tensor[products];
      outputs = new float[products][];
      ends = new int[products];
    }
    int from = 0;
    while (from < products) {
      int count = 0;
      for (int i = from; i < products && sameInput(w[i], w[from]); i++) {
        weights[count] = w[i];
        outputs[count++] = y[i];
      }
      share(count, x);
      from += count;
    }
  }

  /// Layouts differ in how they want the input.
  private static boolean sameInput(Tensor a, Tensor b) {
    return a.dtype() == b.dtype() && Segments.isMapped(a.data()) == Segments.isMapped(b.data());
  }

  private void share(int count, float[] input) {
    int rows = 0;
    for (int i = 0; i < count; i++) {
      rows += Sizes.rows(weights[i]);
    }
    // 16 items a thread: each long enough to start, short enough to even out.
    size = Math.max(1, rows / (16 * own.length));
    int items = 0;
    for (int i = 0; i < count; i++) {
      items += (Sizes.rows(weights[i]) + size - 1) / size;
      ends[i] = items;
    }
    x = input;
    loop++;
    workers.run(items, this);
  }

  @Override
  public void run(int item, int worker) {
    int part = 0;
    int start = 0;
    while (item >= ends[part]) {
      start = ends[part++];
    }
    MatVec product = own[worker].product;
    product.set(weights[part], input(own[worker]), outputs[part]);
    int first = (item - start) * size;
    int last = Math.min(product.rows(), first + size);
    product.rows(first, last, workers.scratch(worker, product.scratch(size)));
  }

  /// Returns the input as the weights want it, laid out with the thread's first item of a loop.
  private float[] input(Own own) {
    int k = Sizes.cols(weights[0]);
    boolean blocks = MatVec.readsBlocks(weights[0]);
    if (own.loop != loop) {
      own.loop = loop;
      if (own.input.length < k) {
        own.input = new float[k];
        own.ordered = new float[WordInput.size(k)];
      }
      System.arraycopy(x, 0, own.input, 0, k);
      if (blocks) {
        WordInput.write(weights[0].dtype(), own.input, k, own.ordered);
      }
    }
    return blocks ? own.ordered : own.input;
  }
}
