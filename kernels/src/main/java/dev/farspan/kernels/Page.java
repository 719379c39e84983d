package dev.farspan.kernels;

import static dev.farspan.kernels.Kernels.TILE;

import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;

/// Keys and values of TILE positions of one layer. Slot `t` holds position `t` of the page; what a
/// slot holds before it is stored is some finite number.
public final class Page {
  private final PageLayout layout;
  private final MemorySegment memory;
  private final Matrix[] keys;
  private final Matrix[] values;

  /// Lays a page over memory.
  ///
  /// @param layout where everything lies
  /// @param memory at least `layout.bytes()` bytes, aligned or not
  public Page(PageLayout layout, MemorySegment memory) {
    this.layout = layout;
    this.memory = memory;
    this.keys = new Matrix[layout.kvHeads()];
    this.values = new Matrix[layout.kvHeads()];
    int elements = TILE * layout.headDim();
    int ofRow = PageLayout.group(layout.headDim());
    for (int h = 0; h < keys.length; h++) {
      keys[h] =
          new Matrix(
              memory, layout.keyOffset(h), layout.keyType(), elements, PageLayout.group(TILE));
      values[h] = new Matrix(memory, layout.valueOffset(h), layout.valueType(), elements, ofRow);
    }
  }

  /// Returns where everything lies.
  ///
  /// @return the layout
  public PageLayout layout() {
    return layout;
  }

  /// Returns whether the page lies in a mapped file.
  ///
  /// @return false for memory of the process's own
  public boolean isMapped() {
    return memory.isMapped();
  }

  /// Makes another page the same as this one, bit for bit.
  ///
  /// @param to a page of the same layout
  public void copyTo(Page to) {
    if (!to.layout.equals(layout)) {
      throw new IllegalArgumentException("a page can only be copied to one of its own layout");
    }
    MemorySegment.copy(memory, 0, to.memory, 0, layout.bytes());
  }

  /// Returns one element of a key.
  ///
  /// @param kvHead the head
  /// @param slot the position in the page
  /// @param d which element
  /// @return the value as it was stored, before RoPE
  public float key(int kvHead, int slot, int d) {
    return Cells.load(keys[kvHead], d * TILE + slot);
  }

  /// Returns one element of a value.
  ///
  /// @param kvHead the head
  /// @param slot the position in the page
  /// @param d which element
  /// @return the value as it was stored
  public float value(int kvHead, int slot, int d) {
    return Cells.load(values[kvHead], layout.valueIndex(slot, d));
  }

  Matrix keys(int kvHead) {
    return keys[kvHead];
  }

  Matrix values(int kvHead) {
    return values[kvHead];
  }

  /// One head's keys (headDim, TILE) or values, as [PageLayout] orders them.
  ///
  /// @param memory the page
  /// @param at where the matrix starts, in bytes
  /// @param dtype type of its elements
  /// @param elements how many
  /// @param group elements that share a scale, where the type has one
  record Matrix(MemorySegment memory, long at, DType dtype, int elements, int group) {
    long scaleAt(int index) {
      return at + PageLayout.scaleOffset(dtype, elements) + 2L * (index / group);
    }
  }
}
