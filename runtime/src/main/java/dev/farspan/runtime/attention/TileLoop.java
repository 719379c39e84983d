package dev.farspan.runtime.attention;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.KeyTile;
import dev.farspan.runtime.attention.BlockPlan.BranchPlan;
import dev.farspan.runtime.attention.RotationTables.PageRotation;
import dev.farspan.runtime.attention.RotationTables.Rotation;
import dev.farspan.runtime.kvcache.LayerCache;
import java.util.Arrays;

/// One kv head and some rows against the tiles that any of them sees.
final class TileLoop {
  private final Kernels kernels;
  private final AttentionCall call;
  private final AttentionConfig heads;
  private final LayerCache cache;
  private final TileScratch s;
  private Rows rows = new Rows(0, 0, 0);

  TileLoop(Kernels kernels, AttentionCall call, TileScratch scratch) {
    this.kernels = kernels;
    this.call = call;
    this.heads = call.heads();
    this.cache = call.queries().cache();
    this.s = scratch;
  }

  /// Queries `from .. to - 1` of the block, all heads of one group; row `r` is query `from + r /
  /// group`, head `r % group` of the group.
  record Rows(int kvHead, int from, int to) {
    int count(AttentionConfig heads) {
      return (to - from) * heads.groupSize();
    }
  }

  /// Takes in part `part` of `parts` of the tiles.
  void run(Rows item, int part, int parts) {
    rows = item;
    int count = rows.count(heads);
    int headDim = heads.headDim();
    s.reserve(count, headDim);
    Arrays.fill(s.max, 0, count, Float.NEGATIVE_INFINITY);
    Arrays.fill(s.sum, 0, count, 0);
    Arrays.fill(s.out, 0, count * headDim, 0);
    int width = heads.groupSize() * headDim;
    for (int i = rows.from(); i < rows.to(); i++) {
      System.arraycopy(
          call.queries().values(),
          i * heads.querySize() + rows.kvHead() * width,
          s.queries,
          (i - rows.from()) * width,
          width);
    }
    int seen = 0;
    for (BranchPlan branch : call.plan().branches()) {
      int tiles = branch.pages().rotations().size();
      // Tile number n of the block belongs to part n mod parts.
      for (int t = 0; t < tiles; t++, seen++) {
        if (parts == 1 || seen % parts == part) {
          page(branch, branch.pages().first() + t);
        }
      }
    }
  }

  private void page(BranchPlan branch, int page) {
    int start = page * Kernels.TILE;
    int end = Math.min(start + Kernels.TILE, cache.length());
    if (!branch.chosen()) {
      if (visible(branch, start, end, -1)) {
        tile(branch.queries(), branch.pages().of(page), page, end - start);
      }
      return;
    }
    // Blocks of old keys need not be aligned to pages: one pass for each that touches this page.
    BlockRetrieval retrieval = call.retrieval();
    for (int b = retrieval.blockOf(start); b <= retrieval.blockOf(end - 1); b++) {
      if (b >= 0 && visible(branch, start, end, b)) {
        tile(branch.queries(), branch.pages().of(page), page, end - start);
      }
    }
  }

  /// Sets the visible keys of each row in `start .. end - 1`; returns whether there are any.
  private boolean visible(BranchPlan branch, int start, int end, int block) {
    boolean any = false;
    int group = heads.groupSize();
    for (int i = rows.from(); i < rows.to(); i++) {
      int from = Math.max(branch.from()[i], start);
      int to = Math.min(branch.to()[i], end);
      if (block >= 0) {
        from = Math.max(from, call.retrieval().blockStart(block));
        to =
            call.retrieval().retrieves(i, block)
                ? Math.min(to, call.retrieval().blockStart(block + 1))
                : from;
      }
      any |= from < to;
      int row = (i - rows.from()) * group;
      Arrays.fill(s.from, row, row + group, from < to ? from - start : 0);
      Arrays.fill(s.to, row, row + group, from < to ? to - start : 0);
    }
    return any;
  }

  private void tile(Rotation queries, PageRotation rotation, int page, int keys) {
    RopeTable table = call.plan().table();
    int count = rows.count(heads);
    int headDim = heads.headDim();
    turnTo(queries, rotation.first());
    float factor = (float) (heads.scale() * table.attentionFactor() * table.attentionFactor());
    kernels.rotateRows(
        s.queries,
        count,
        headDim,
        2 * table.pairs(),
        s.cos,
        s.sin,
        factor,
        (float) heads.scale(),
        s.rotated);
    KeyTile tile =
        new KeyTile(
            cache.page(page),
            cache.keyOffset(rows.kvHead()),
            cache.dtype(),
            keys,
            headDim,
            2 * table.pairs());
    kernels.packKeys(tile, rotation.offsets().cos(), rotation.offsets().sin(), s.keys);
    kernels.scores(s.rotated, count, headDim, s.keys, s.scores);
    if (heads.softCap() > 0) {
      kernels.softCap(s.scores, 0, count * Kernels.TILE, (float) heads.softCap());
    }
    kernels.softmaxTile(s.scores, count, s.from, s.to, s.max, s.sum, s.out, headDim);
    kernels.loadValues(
        cache.page(page), cache.valueOffset(rows.kvHead()), cache.dtype(), keys, headDim, s.values);
    kernels.accumulate(s.scores, count, keys, s.values, headDim, s.out);
  }

  /// Sets each row's angles to the query's minus the page's: `e^(ia) * conj(e^(ib))`.
  private void turnTo(Rotation queries, Rotation page) {
    int pairs = call.plan().table().pairs();
    int group = heads.groupSize();
    for (int i = rows.from(); i < rows.to(); i++) {
      int from = i * pairs;
      int at = (i - rows.from()) * group * pairs;
      for (int p = 0; p < pairs; p++) {
        float qc = queries.cos()[from + p];
        float qs = queries.sin()[from + p];
        float pc = page.cos()[p];
        float ps = page.sin()[p];
        s.cos[at + p] = qc * pc + qs * ps;
        s.sin[at + p] = qs * pc - qc * ps;
      }
      for (int g = 1; g < group; g++) {
        System.arraycopy(s.cos, at, s.cos, at + g * pairs, pairs);
        System.arraycopy(s.sin, at, s.sin, at + g * pairs, pairs);
      }
    }
  }

  /// Writes the normalised outputs.
  void finish(float[] out) {
    new PartialSoftmax(s.max, s.sum, s.out).finish(call, rows, out);
  }

  /// Returns a copy of what has been seen so far.
  PartialSoftmax partial() {
    int count = rows.count(heads);
    return new PartialSoftmax(
        Arrays.copyOf(s.max, count),
        Arrays.copyOf(s.sum, count),
        Arrays.copyOf(s.out, count * heads.headDim()));
  }
}
