package dev.farspan.runtime.attention;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;

/// Attention by tiles with an online softmax (FlashAttention, arXiv 2205.14135; work split over
/// positions in decode as in Flash-Decoding): never a row of all scores, let alone a square.
///
/// An item of work is one kv head and up to [#MAX_ROWS] rows, a row being one query of one head of
/// its group, so a key tile is rotated and read once for the whole group. Tiles are pages of the
/// cache at fixed positions, and a row takes in its visible ones in a fixed order: its result does
/// not depend, bit for bit, on the block it is computed in. Tiles that no row sees are never
/// touched.
public final class FlashAttention implements Attention {
  /// Rows of an item: enough to amortise the rotation of a tile, few enough for the scores and
  /// outputs to stay in the second-level cache.
  static final int MAX_ROWS = 192;

  /// Tiles of one part when the work of a single token is split over positions.
  private static final int TILES_PER_PART = 16;

  private final Kernels kernels;
  private final Workers workers;
  private final TileScratch[] scratch;

  /// Makes the fast path.
  ///
  /// @param kernels what it computes with
  /// @param workers who shares the work
  public FlashAttention(Kernels kernels, Workers workers) {
    this.kernels = kernels;
    this.workers = workers;
    this.scratch = new TileScratch[workers.threads()];
    for (int w = 0; w < scratch.length; w++) {
      scratch[w] = new TileScratch();
    }
  }

  @Override
  public void attend(AttentionCall call, float[] out) {
    AttentionConfig heads = call.heads();
    int perItem = Math.max(1, MAX_ROWS / heads.groupSize());
    int blocks = Math.ceilDiv(call.plan().rows(), perItem);
    int parts = call.decode() ? parts(call) : 1;
    if (parts == 1) {
      workers.run(
          heads.kvHeads() * blocks,
          (item, worker) -> {
            int from = item / heads.kvHeads() * perItem;
            int to = Math.min(from + perItem, call.plan().rows());
            TileLoop loop = new TileLoop(kernels, call, scratch[worker]);
            loop.run(new TileLoop.Rows(item % heads.kvHeads(), from, to), 0, 1);
            loop.finish(out);
          });
    } else {
      split(call, parts, out);
    }
  }

  private static int parts(AttentionCall call) {
    int tiles = 0;
    for (BlockPlan.BranchPlan branch : call.plan().branches()) {
      tiles += branch.pages().rotations().size();
    }
    return Math.max(1, tiles / TILES_PER_PART);
  }

  /// One token: parts of its tiles side by side, merged by their log-sum-exp in a fixed order.
  private void split(AttentionCall call, int parts, float[] out) {
    AttentionConfig heads = call.heads();
    PartialSoftmax[] partial = new PartialSoftmax[heads.kvHeads() * parts];
    workers.run(
        partial.length,
        (item, worker) -> {
          TileLoop loop = new TileLoop(kernels, call, scratch[worker]);
          loop.run(new TileLoop.Rows(item / parts, 0, 1), item % parts, parts);
          partial[item] = loop.partial();
        });
    for (int kvHead = 0; kvHead < heads.kvHeads(); kvHead++) {
      PartialSoftmax all = partial[kvHead * parts];
      for (int part = 1; part < parts; part++) {
        all.merge(partial[kvHead * parts + part]);
      }
      all.finish(call, new TileLoop.Rows(kvHead, 0, 1), out);
    }
  }
}
