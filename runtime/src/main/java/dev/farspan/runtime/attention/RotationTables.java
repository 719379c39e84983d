package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.Branch;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rotations of queries and of pages of keys under one frequency table and one pattern.
///
/// A page's keys are turned only by their offsets from the page's first key; the query takes the
/// rest: `R(q - k) = R(q - first) R(-(k - first))`. The table of offsets is the same for nearly all
/// pages (0, 1, 2, ... for true distances), so it stays in the first-level cache, and what is kept
/// for a page is one angle per pair. Angles are computed in double precision from float32
/// frequencies.
final class RotationTables {
  private static final int MAX_OFFSET_TABLES = 256;

  private final RopeTable table;
  private final List<Branch> branches;
  private final PageRotation[][] pages;
  private final Map<OffsetKey, Rotation> offsets = new HashMap<>();

  RotationTables(RopeTable table, AttentionPattern pattern) {
    this.table = table;
    this.branches = pattern.branches();
    this.pages = new PageRotation[branches.size()][0];
  }

  RopeTable table() {
    return table;
  }

  /// Returns how the pages `from .. to - 1` are turned in a branch, at their own indices.
  PageRotation[] pages(int branch, int from, int to) {
    if (to > pages[branch].length) {
      pages[branch] = Arrays.copyOf(pages[branch], Math.max(to, 2 * pages[branch].length));
    }
    PageRotation[] known = pages[branch];
    for (int page = from; page < to; page++) {
      if (known[page] == null) {
        known[page] = rotationOf(branches.get(branch), page * Kernels.TILE);
      }
    }
    return known;
  }

  /// Forgets pages that no later query sees.
  void forget(int fromPage, int toPage) {
    for (@Nullable PageRotation[] ofBranch : pages) {
      for (int page = fromPage; page < Math.min(toPage, ofBranch.length); page++) {
        ofBranch[page] = null;
      }
    }
  }

  private PageRotation rotationOf(Branch branch, int firstKey) {
    double first = branch.keyPosition().applyAsDouble(firstKey);
    double[] steps = new double[Kernels.TILE];
    for (int t = 0; t < steps.length; t++) {
      double step = branch.keyPosition().applyAsDouble(firstKey + t) - first;
      // Fractional positions (leaky ReRoPE) differ in their last bits from page to page; rounded to
      // 2^-24 of a position, which turns no pair by more than float32 resolves, they share a table.
      steps[t] = Math.rint(step * 0x1p24) * 0x1p-24;
    }
    if (offsets.size() > MAX_OFFSET_TABLES) {
      offsets.clear(); // pages hold their tables themselves; only sharing starts anew
    }
    Rotation ofSteps = offsets.computeIfAbsent(new OffsetKey(steps), _ -> transposed(steps));
    Rotation base = Rotation.rows(1, table);
    base.turn(0, first, table);
    return new PageRotation(base, ofSteps);
  }

  /// Returns the rotation by each of these positions: (pairs, positions), as keys lie in a tile.
  private Rotation transposed(double[] positions) {
    int count = positions.length;
    float[] cos = new float[table.pairs() * count];
    float[] sin = new float[table.pairs() * count];
    for (int p = 0; p < table.pairs(); p++) {
      for (int t = 0; t < count; t++) {
        double angle = positions[t] * table.inverseFrequency(p);
        cos[p * count + t] = (float) Math.cos(angle);
        sin[p * count + t] = (float) Math.sin(angle);
      }
    }
    return new Rotation(cos, sin);
  }

  /// Cosines and sines.
  @SuppressWarnings("ArrayRecordComponent") // never compared; a value object of the inner loop
  record Rotation(float[] cos, float[] sin) {
    /// Returns room for one rotation in each row: (rows, pairs).
    static Rotation rows(int rows, RopeTable table) {
      int size = Math.multiplyExact(rows, table.pairs());
      return new Rotation(new float[size], new float[size]);
    }

    /// Sets a row to the rotation by a position.
    void turn(int row, double position, RopeTable table) {
      int pairs = table.pairs();
      for (int p = 0; p < pairs; p++) {
        double angle = position * table.inverseFrequency(p);
        cos[row * pairs + p] = (float) Math.cos(angle);
        sin[row * pairs + p] = (float) Math.sin(angle);
      }
    }
  }

  /// How the keys of a page are turned: `first` (pairs) goes to the query, `offsets` (pairs, TILE)
  /// to the keys.
  record PageRotation(Rotation first, Rotation offsets) {}

  /// Positions inside a page, as a map key.
  private static final class OffsetKey {
    private final double[] steps;

    OffsetKey(double[] steps) {
      this.steps = steps;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof OffsetKey that && Arrays.equals(steps, that.steps);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(steps);
    }
  }
}
