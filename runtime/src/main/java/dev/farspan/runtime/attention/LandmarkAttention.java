package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.attention.RotationTables.Rotation;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Landmark attention (arXiv 2305.16300, section 3.2) over the paged cache: every query of every
/// head scores the landmarks of the old blocks, and reads the pages of those it retrieves alone.
///
/// All distances are whole numbers below the pattern's span, so a query is turned to each that it
/// needs and keys are read as they are stored. Rows are computed one by one: a result does not
/// depend, bit for bit, on the block it is computed in.
final class LandmarkAttention {
  /// Queries of an item of work: neighbours retrieve much the same pages.
  private static final int QUERIES = 32;

  private final Workers workers;
  private final LandmarkLoop[] loops;
  private final Workers.Task task = this::item;
  private Turns turns = new Turns(new RopeTable(new float[0], 1), 0);
  // The call in flight, for the workers.
  private @Nullable AttentionCall call;
  private float[] queries = {};
  private float[] out = {};

  LandmarkAttention(Kernels kernels, Workers workers) {
    this.workers = workers;
    this.loops = new LandmarkLoop[workers.threads()];
    Arrays.setAll(loops, _ -> new LandmarkLoop(kernels));
  }

  void attend(AttentionCall call, Landmark rule, float[] queries, float[] out) {
    this.call = call;
    this.queries = queries;
    this.out = out;
    BlockPlan plan = call.plan();
    call.landmarks().takeIn(call.cache(), plan.first() + plan.rows() - 1);
    if (turns.span() != rule.span() || !turns.table().equals(plan.table())) {
      turns = new Turns(plan.table(), rule.span());
    }
    workers.run(call.heads().kvHeads() * Math.ceilDiv(plan.rows(), QUERIES), task);
  }

  private void item(int item, int worker) {
    AttentionCall c = Objects.requireNonNull(call);
    AttentionConfig heads = c.heads();
    int from = item / heads.kvHeads() * QUERIES;
    int to = Math.min(from + QUERIES, c.plan().rows());
    int kvHead = item % heads.kvHeads();
    LandmarkLoop loop = loops[worker];
    loop.start(c, turns, kvHead);
    for (int row = from; row < to; row++) {
      for (int g = 0; g < heads.groupSize(); g++) {
        int at = row * heads.querySize() + (kvHead * heads.groupSize() + g) * heads.headDim();
        loop.run(c.plan().first() + row, queries, at, out);
      }
    }
  }

  /// Cosines and sines of every distance.
  static final class Turns {
    private final RopeTable table;
    private final int span;
    private final Rotation byDistance; // (span, pairs)

    Turns(RopeTable table, int span) {
      this.table = table;
      this.span = span;
      this.byDistance = Rotation.rows(span, table);
      for (int distance = 0; distance < span; distance++) {
        byDistance.turn(distance, distance, table);
      }
    }

    RopeTable table() {
      return table;
    }

    int span() {
      return span;
    }

    /// Sets `out` to a query turned by a distance: `R(distance) q`, scaled as a score is.
    void turn(float[] q, int distance, AttentionConfig heads, float[] out, int at) {
      int pairs = table.pairs();
      float scale = (float) heads.scale();
      float rotated = (float) (heads.scale() * table.attentionFactor() * table.attentionFactor());
      for (int p = 0; p < pairs; p++) {
        float c = byDistance.cos()[distance * pairs + p] * rotated;
        float s = byDistance.sin()[distance * pairs + p] * rotated;
        out[at + p] = q[p] * c - q[p + pairs] * s;
        out[at + p + pairs] = q[p + pairs] * c + q[p] * s;
      }
      for (int d = 2 * pairs; d < heads.headDim(); d++) {
        out[at + d] = q[d] * scale;
      }
    }
  }
}
