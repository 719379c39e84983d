package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.Retained;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import java.util.HashMap;
import java.util.Map;

/// Makes the plans of a sequence's blocks and keeps rotations from one block to the next for as
/// long as the table stays.
public final class Plans {
  private final Map<Integer, RotationTables> tables = new HashMap<>();

  /// Makes a sequence's plans.
  public Plans() {}

  /// Returns the plan of a block.
  ///
  /// @param slot number of the combination of pattern and rotary embedding in the model
  /// @param pattern which keys are seen
  /// @param table the table in force for the whole block
  /// @param first position of the block's first query
  /// @param rows queries in the block
  /// @return visibility and rotations
  public BlockPlan plan(int slot, AttentionPattern pattern, RopeTable table, int first, int rows) {
    RotationTables known = tables.get(slot);
    if (known == null || !known.table().equals(table)) {
      known = new RotationTables(table, pattern);
      tables.put(slot, known);
    }
    return new BlockPlan(pattern, known, first, rows);
  }

  /// Forgets what no query from `next` on can see.
  ///
  /// @param slot number of the combination
  /// @param retained what later queries may see
  public void forget(int slot, Retained retained) {
    RotationTables known = tables.get(slot);
    if (known != null) {
      known.forget(Math.ceilDiv(retained.head(), Kernels.TILE), retained.tail() / Kernels.TILE);
    }
  }
}
