package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.Branch;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Rotary;
import dev.farspan.runtime.attention.RotationTables.PageRotation;
import dev.farspan.runtime.attention.RotationTables.Rotation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Visibility and rotations of the block in flight under one pattern and one table, shared by all
/// layers that have both. One object for a whole sequence: [#start] takes it to the next block.
public final class BlockPlan {
  private final AttentionPattern pattern;
  private final List<BranchPlan> branches;
  private RotationTables tables;
  private int first;
  private int rows;
  private @Nullable Rotary rotary;

  /// Makes the plan of a sequence's blocks.
  ///
  /// @param pattern which keys are seen
  /// @param table the table of the first block
  public BlockPlan(AttentionPattern pattern, RopeTable table) {
    this.pattern = pattern;
    this.tables = new RotationTables(table, pattern);
    this.branches = pattern.branches().stream().map(BranchPlan::new).toList();
  }

  /// Goes to the next block.
  ///
  /// @param table the table in force for the whole block
  /// @param first position of the block's first query
  /// @param rows queries in the block
  public void start(RopeTable table, int first, int rows) {
    if (!tables.table().equals(table)) {
      tables = new RotationTables(table, pattern); // rotations are kept for as long as it stays
      rotary = null;
    }
    this.first = first;
    this.rows = rows;
    for (int b = 0; b < branches.size(); b++) {
      branches.get(b).start(b, tables, first, rows);
    }
  }

  /// Forgets rotations of keys that no later query can see.
  ///
  /// @param head positions below are kept
  /// @param tail positions from here on are kept
  public void forget(int head, int tail) {
    tables.forget(Math.ceilDiv(head, Kernels.TILE), tail / Kernels.TILE);
  }

  /// Returns the pattern the plan was made for.
  ///
  /// @return which keys are seen, and where
  public AttentionPattern pattern() {
    return pattern;
  }

  /// Returns the table in force.
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

  /// Returns how query rows are rotated, their scale in units of ln 2 as the softmax wants it.
  Rotary rotary(AttentionConfig heads) {
    Rotary known = rotary;
    if (known == null) {
      double factor = table().attentionFactor();
      double scale = heads.scale() / Kernels.LN_2;
      known =
          new Rotary(
              heads.headDim(),
              table().pairs(),
              heads.groupSize(),
              (float) (scale * factor * factor),
              (float) scale);
      rotary = known;
    }
    return known;
  }

  /// Returns how many tiles a lone query sees, each counted once for every branch.
  int tiles() {
    int tiles = 0;
    for (int b = 0; b < branches.size(); b++) {
      tiles += branches.get(b).endPage() - branches.get(b).firstPage();
    }
    return tiles;
  }

  List<BranchPlan> branches() {
    return branches;
  }

  /// One branch for all queries of the block: query `r` sees the keys `from(r) .. to(r) - 1`.
  static final class BranchPlan {
    private final Branch branch;
    private int[] from = {};
    private int[] to = {};
    private Rotation queries = new Rotation(new float[0], new float[0]); // (rows, pairs)
    private PageRotation[] pages = {}; // firstPage .. endPage - 1 are there
    private int firstPage;
    private int endPage;

    BranchPlan(Branch branch) {
      this.branch = branch;
    }

    void start(int index, RotationTables tables, int first, int rows) {
      if (from.length < rows || queries.cos().length < rows * tables.table().pairs()) {
        from = new int[rows];
        to = new int[rows];
        queries = Rotation.rows(rows, tables.table());
      }
      int low = Integer.MAX_VALUE;
      int high = 0;
      for (int r = 0; r < rows; r++) {
        int i = first + r;
        from[r] = branch.from().applyAsInt(i);
        to[r] = branch.to().applyAsInt(i);
        queries.turn(r, branch.queryPosition().applyAsDouble(i), tables.table());
        if (from[r] < to[r]) {
          low = Math.min(low, from[r]);
          high = Math.max(high, to[r]);
        }
      }
      firstPage = high == 0 ? 0 : low / Kernels.TILE;
      endPage = Math.ceilDiv(high, Kernels.TILE);
      pages = tables.pages(index, firstPage, endPage);
    }

    boolean chosen() {
      return branch.chosen();
    }

    int from(int row) {
      return from[row];
    }

    int to(int row) {
      return to[row];
    }

    Rotation queries() {
      return queries;
    }

    int firstPage() {
      return firstPage;
    }

    int endPage() {
      return endPage;
    }

    PageRotation rotation(int page) {
      return pages[page];
    }
  }
}
