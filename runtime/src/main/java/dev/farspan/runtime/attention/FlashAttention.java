package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Attention by tiles with an online softmax (FlashAttention, arXiv 2205.14135; work split over
/// positions in decode as in Flash-Decoding): never a row of all scores, let alone a square.
///
/// An item of work is one kv head and up to [#MAX_ROWS] rows, a row being one query of one head of
/// its group, so a key tile is rotated and read once for the whole group. Tiles are pages of the
/// cache at fixed positions, and a row takes in its visible ones in a fixed order: its result does
/// not depend, bit for bit, on the block it is computed in. Tiles that no row sees are never
/// touched.
///
/// All buffers are kept from call to call: a token allocates nothing.
public final class FlashAttention implements Attention {
  /// Rows of an item: enough to amortise the rotation of a tile, few enough for the scores and
  /// outputs to stay in the second-level cache.
  static final int MAX_ROWS = 192;

  /// Tiles of one part, at least, and parts, at most, when a single token is split over positions:
  /// a part is long enough to be worth its hand-over and merge, and there are enough to even out.
  private static final int TILES_PER_PART = 4;

  private static final int MAX_PARTS = 16;

  private final Workers workers;
  private final TileLoop[] loops;
  private final LandmarkAttention landmarks;
  private final Workers.Task block = this::block;
  private final Workers.Task part = this::part;
  private PartialSoftmax[] partial = {};
  // The call in flight, for the workers.
  private @Nullable AttentionCall call;
  private float[] queries = {};
  private float[] out = {};
  private int parts;

  /// Makes the fast path.
  ///
  /// @param kernels what it computes with
  /// @param workers who shares the work
  public FlashAttention(Kernels kernels, Workers workers) {
    this.workers = workers;
    this.loops = new TileLoop[workers.threads()];
    Arrays.setAll(loops, _ -> new TileLoop(kernels));
    this.landmarks = new LandmarkAttention(kernels, workers);
  }

  @Override
  public void attend(AttentionCall call, float[] queries, boolean decode, float[] out) {
    if (call.plan().pattern() instanceof Landmark rule) {
      landmarks.attend(call, rule, queries, out);
      return;
    }
    this.call = call;
    this.queries = queries;
    this.out = out;
    parts = decode ? Math.clamp(call.plan().tiles() / TILES_PER_PART, 1, MAX_PARTS) : 1;
    int kvHeads = call.heads().kvHeads();
    if (parts == 1) {
      workers.run(kvHeads * Math.ceilDiv(call.plan().rows(), perItem(call.heads())), block);
    } else {
      reserve(kvHeads * parts);
      workers.run(kvHeads * parts, part);
      merge(call, out);
    }
  }

  private static int perItem(AttentionConfig heads) {
    return Math.max(1, MAX_ROWS / heads.groupSize());
  }

  private void reserve(int items) {
    int known = partial.length;
    if (known < items) {
      partial = Arrays.copyOf(partial, items);
      for (int i = known; i < items; i++) {
        partial[i] = new PartialSoftmax();
      }
    }
  }

  /// Some queries of one kv head against all their tiles.
  private void block(int item, int worker) {
    AttentionCall c = Objects.requireNonNull(call);
    int kvHeads = c.heads().kvHeads();
    int perItem = perItem(c.heads());
    int from = item / kvHeads * perItem;
    int to = Math.min(from + perItem, c.plan().rows());
    TileLoop loop = loops[worker];
    loop.start(c, queries, item % kvHeads, from, to);
    loop.run(c, 0, 1, loop.own());
    loop.own().finish(c, item % kvHeads, from, to, out);
  }

  /// One token and one kv head against some of its tiles.
  private void part(int item, int worker) {
    TileLoop loop = loops[worker];
    AttentionCall c = Objects.requireNonNull(call);
    loop.start(c, queries, item / parts, 0, 1);
    loop.run(c, item % parts, parts, partial[item]);
  }

  /// Merges the parts of a token by their log-sum-exp, in a fixed order.
  private void merge(AttentionCall call, float[] out) {
    AttentionConfig heads = call.heads();
    for (int kvHead = 0; kvHead < heads.kvHeads(); kvHead++) {
      PartialSoftmax all = partial[kvHead * parts];
      for (int p = 1; p < parts; p++) {
        all.merge(partial[kvHead * parts + p], heads.groupSize(), heads.headDim());
      }
      all.finish(call, kvHead, 0, 1, out);
    }
  }
}
