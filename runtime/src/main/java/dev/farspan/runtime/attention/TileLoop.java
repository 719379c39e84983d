package dev.farspan.runtime.attention;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Page;
import dev.farspan.kernels.Rotary;
import dev.farspan.runtime.attention.BlockPlan.BranchPlan;
import dev.farspan.runtime.attention.RotationTables.PageRotation;
import dev.farspan.runtime.attention.RotationTables.Rotation;
import dev.farspan.runtime.kvcache.LayerCache;
import java.util.List;

/// One kv head and some rows against the tiles that any of them sees. One object for each worker.
///
/// Row `r` is query `from + r / group` of the block, head `r % group` of the kv head's group.
final class TileLoop {
  /// Which rows of a tile's queries a pass is for.
  private enum Pass {
    /// All of them.
    ALL,
    /// The queries that stand on the tile's own page.
    OWN,
    /// The queries beyond it.
    LATER
  }

  private static final int NO_BLOCK = -1;

  private final Kernels kernels;
  private final TileScratch s = new TileScratch();
  private final PartialSoftmax own = new PartialSoftmax();
  private Rotary rotary = new Rotary(2, 0, 1, 1, 1);
  private int kvHead;
  private int from;
  private int to;

  TileLoop(Kernels kernels) {
    this.kernels = kernels;
  }

  /// Returns a softmax of this worker's own.
  PartialSoftmax own() {
    return own;
  }

  private int rows() {
    return (to - from) * rotary.group();
  }

  /// Takes the queries `from .. to - 1` of the block.
  void start(AttentionCall call, float[] queries, int kvHead, int from, int to) {
    AttentionConfig heads = call.heads();
    this.kvHead = kvHead;
    this.from = from;
    this.to = to;
    rotary = call.plan().rotary(heads);
    s.reserve(rows(), heads.headDim());
    int width = heads.groupSize() * heads.headDim();
    for (int i = from; i < to; i++) {
      int at = i * heads.querySize() + kvHead * width;
      System.arraycopy(queries, at, s.queries, (i - from) * width, width);
    }
  }

  /// Sets `seen` to what the rows see in part `part` of `parts` of their tiles.
  void run(AttentionCall call, int part, int parts, PartialSoftmax seen) {
    seen.clear(rows(), rotary.headDim());
    int number = 0;
    List<BranchPlan> branches = call.plan().branches();
    for (int b = 0; b < branches.size(); b++) {
      BranchPlan branch = branches.get(b);
      // Tile number n of the block belongs to part n mod parts.
      for (int page = branch.firstPage(); page < branch.endPage(); page++, number++) {
        if (number % parts == part) {
          page(call, branch, page, seen);
        }
      }
    }
  }

  private void page(AttentionCall call, BranchPlan branch, int page, PartialSoftmax seen) {
    if (!branch.chosen()) {
      page(call, branch, page, NO_BLOCK, seen);
      return;
    }
    // Blocks of old keys need not be aligned to pages: one pass for each that touches this page.
    BlockRetrieval retrieval = call.retrieval();
    int start = page * Kernels.TILE;
    int last = retrieval.blockOf(end(call, page) - 1);
    for (int b = Math.max(0, retrieval.blockOf(start)); b <= last; b++) {
      page(call, branch, page, b, seen);
    }
  }

  private static int end(AttentionCall call, int page) {
    return Math.min((page + 1) * Kernels.TILE, call.cache().length());
  }

  private void page(
      AttentionCall call, BranchPlan branch, int page, int block, PartialSoftmax seen) {
    LayerCache cache = call.cache();
    if (!cache.hasOwnPage(page)) {
      if (visible(call, branch, page, block, Pass.ALL)) {
        tile(call, branch, page, cache.page(page), seen);
      }
      return;
    }
    if (visible(call, branch, page, block, Pass.OWN)) {
      tile(call, branch, page, cache.ownPage(page), seen);
    }
    if (visible(call, branch, page, block, Pass.LATER)) {
      tile(call, branch, page, cache.page(page), seen);
    }
  }

  /// Sets the visible keys of each row in a page; returns whether there are any.
  private boolean visible(AttentionCall call, BranchPlan branch, int page, int block, Pass pass) {
    int start = page * Kernels.TILE;
    int end = end(call, page);
    boolean any = false;
    int group = rotary.group();
    for (int i = from; i < to; i++) {
      int low = Math.max(branch.from(i), start);
      int high = Math.min(branch.to(i), end);
      if (block != NO_BLOCK) {
        low = Math.max(low, call.retrieval().blockStart(block));
        high =
            call.retrieval().retrieves(i, block)
                ? Math.min(high, call.retrieval().blockStart(block + 1))
                : low;
      }
      boolean onPage = (call.plan().first() + i) / Kernels.TILE == page;
      boolean sees = low < high && (pass == Pass.ALL || onPage == (pass == Pass.OWN));
      any |= sees;
      int row = (i - from) * group;
      for (int r = row; r < row + group; r++) {
        s.from[r] = sees ? low - start : 0;
        s.to[r] = sees ? high - start : 0;
      }
    }
    return any;
  }

  private void tile(
      AttentionCall call, BranchPlan branch, int number, Page page, PartialSoftmax seen) {
    AttentionConfig heads = call.heads();
    RopeTable table = call.plan().table();
    PageRotation rotation = branch.rotation(number);
    int rows = rows();
    int headDim = rotary.headDim();
    turnTo(branch.queries(), rotation.first(), table.pairs());
    kernels.rotateRows(s.queries, rows, rotary, s.cos, s.sin, s.rotated);
    kernels.loadKeys(page, kvHead, s.tile);
    Rotation offsets = rotation.offsets();
    kernels.rotateKeys(s.tile, table.pairs(), offsets.cos(), offsets.sin());
    kernels.scores(s.rotated, rows, headDim, s.tile, s.scores);
    if (heads.softCap() > 0) {
      float cap = (float) (heads.softCap() / Kernels.LN_2);
      kernels.softCap(s.scores, 0, rows * Kernels.TILE, cap);
    }
    kernels.softmaxTile(s.scores, rows, s.from, s.to, seen.max, seen.sum, seen.out, headDim);
    kernels.loadValues(page, kvHead, s.tile);
    int keys = end(call, number) - number * Kernels.TILE;
    kernels.accumulate(s.scores, rows, keys, s.tile, headDim, seen.out);
  }

  /// Sets each query's angles to its own minus the page's: `e^(ia) * conj(e^(ib))`.
  private void turnTo(Rotation queries, Rotation page, int pairs) {
    for (int i = from; i < to; i++) {
      int in = i * pairs;
      int at = (i - from) * pairs;
      for (int p = 0; p < pairs; p++) {
        float qc = queries.cos()[in + p];
        float qs = queries.sin()[in + p];
        float pc = page.cos()[p];
        float ps = page.sin()[p];
        s.cos[at + p] = qc * pc + qs * ps;
        s.sin[at + p] = qs * pc - qc * ps;
      }
    }
  }
}
