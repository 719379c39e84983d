package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.Branch;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.attention.RotationTables.PageRotation;
import dev.farspan.runtime.attention.RotationTables.Rotation;
import java.util.ArrayList;
import java.util.List;

/// Visibility and rotations of one block of queries under one pattern and one table, shared by all
/// layers that have both.
public final class BlockPlan {
  private final AttentionPattern pattern;
  private final RotationTables tables;
  private final int first;
  private final int rows;
  private final List<BranchPlan> branches = new ArrayList<>();

  BlockPlan(AttentionPattern pattern, RotationTables tables, int first, int rows) {
    this.pattern = pattern;
    this.tables = tables;
    this.first = first;
    this.rows = rows;
    for (int b = 0; b < tables.branches().size(); b++) {
      branches.add(branchPlan(b));
    }
  }

  private BranchPlan branchPlan(int index) {
    Branch branch = tables.branches().get(index);
    int[] from = new int[rows];
    int[] to = new int[rows];
    double[] positions = new double[rows];
    int low = Integer.MAX_VALUE;
    int high = 0;
    for (int r = 0; r < rows; r++) {
      int i = first + r;
      from[r] = branch.from().applyAsInt(i);
      to[r] = branch.to().applyAsInt(i);
      positions[r] = branch.queryPosition().applyAsDouble(i);
      if (from[r] < to[r]) {
        low = Math.min(low, from[r]);
        high = Math.max(high, to[r]);
      }
    }
    return new BranchPlan(
        branch.chosen(), from, to, tables.rotation(positions), pages(index, low, high));
  }

  private Pages pages(int branch, int low, int high) {
    int firstPage = low / Kernels.TILE;
    int endPage = Math.ceilDiv(high, Kernels.TILE);
    List<PageRotation> rotations = new ArrayList<>();
    for (int page = firstPage; page < endPage; page++) {
      rotations.add(tables.page(branch, page));
    }
    return new Pages(rotations.isEmpty() ? 0 : firstPage, rotations);
  }

  /// Returns the pattern the plan was made for.
  ///
  /// @return which keys are seen, and where
  public AttentionPattern pattern() {
    return pattern;
  }

  /// Returns the table the plan was made for.
  ///
  /// @return frequencies and attention factor
  public RopeTable table() {
    return tables.table();
  }

  /// Returns the position of the block's first query.
  ///
  /// @return zero-based position
  public int first() {
    return first;
  }

  /// Returns how many queries the block has.
  ///
  /// @return rows
  public int rows() {
    return rows;
  }

  List<BranchPlan> branches() {
    return branches;
  }

  /// One branch for all queries of the block: visible keys `from[r] .. to[r] - 1`, the rotation of
  /// each query (rows, pairs), and of the pages that any of them sees.
  @SuppressWarnings("ArrayRecordComponent") // never compared; read by the inner loop
  record BranchPlan(boolean chosen, int[] from, int[] to, Rotation queries, Pages pages) {}

  /// Rotations of consecutive pages.
  record Pages(int first, List<PageRotation> rotations) {
    int end() {
      return first + rotations.size();
    }

    PageRotation of(int page) {
      return rotations.get(page - first);
    }
  }
}
