package dev.farspan.kernels;

import static dev.farspan.kernels.Kernels.TILE;

import dev.farspan.tensor.DType;
import java.util.List;

/// Where the keys and values of TILE positions of one layer lie in a page of the KV cache.
///
/// A page holds for each kv head its keys, a matrix (headDim, TILE), then for each kv head its
/// values: a matrix (TILE, 64) for each 64 dimensions, then one (TILE, rest) for what is left. Keys
/// lie dimension by dimension: the scores of many positions are then sums of whole vectors, and a
/// quantised key shares its scale with its own dimension at the neighbouring positions, the
/// direction in which keys before RoPE vary least (KVQuant, arXiv 2401.18079, section 3.1; KIVI,
/// arXiv 2402.02750, section 3.1, which also keeps one scale for a token's values).
///
/// A quantised matrix is its integers, element by element in one byte (Q8_0), or elements `i` and
/// `i + n/2` in the low and high half of byte `i` (Q4_0, 8 added); then one F16 scale for each run
/// of [#group] elements. An element is scale times integer.
///
/// @param kvHeads key/value heads
/// @param headDim elements of a head, an even number
/// @param keyType `F32`, `F16`, `BF16`, `Q8_0` or `Q4_0`
/// @param valueType one of the same
public record PageLayout(int kvHeads, int headDim, DType keyType, DType valueType) {
  /// The types that keys and values can have, most exact first.
  public static final List<DType> TYPES =
      List.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0);

  private static final int SCALE_BYTES = 2;

  /// Checks types and sizes.
  ///
  /// @throws IllegalArgumentException if a type is not one of a KV cache, or `headDim` is odd or
  ///   not positive
  public PageLayout {
    requireCacheType(keyType);
    requireCacheType(valueType);
    if (kvHeads < 1 || headDim < 2 || headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "a KV cache needs heads of an even number of elements, not %d heads of %d"
              .formatted(kvHeads, headDim));
    }
  }

  private static void requireCacheType(DType type) {
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "the KV cache holds F32, F16, BF16, Q8_0 or Q4_0, not " + type);
    }
  }

  /// Returns whether a page can only be written as a whole, from one that is exact.
  ///
  /// @return whether keys or values are quantised
  public boolean quantised() {
    return keyType.isQuantized() || valueType.isQuantized();
  }

  /// Returns the layout of the same heads in `F32`.
  ///
  /// @return a layout that loses nothing
  public PageLayout exact() {
    return new PageLayout(kvHeads, headDim, DType.F32, DType.F32);
  }

  /// Returns where the keys of a head start in a page.
  ///
  /// @param kvHead the head
  /// @return bytes
  public long keyOffset(int kvHead) {
    return kvHead * matrixBytes(keyType, TILE);
  }

  /// Returns where the values of a head start in a page.
  ///
  /// @param kvHead the head
  /// @return bytes
  public long valueOffset(int kvHead) {
    return keyOffset(kvHeads) + kvHead * matrixBytes(valueType, headDim);
  }

  /// Returns the size of a page.
  ///
  /// @return bytes
  public long bytes() {
    return valueOffset(kvHeads);
  }

  /// Returns the index of an element among the values of a head.
  ///
  /// @param slot the position in the page
  /// @param d which element
  /// @return an index from the start of the head's values
  public int valueIndex(int slot, int d) {
    return valueIndex(headDim, slot, d);
  }

  static int valueIndex(int headDim, int slot, int d) {
    int width = PanelProduct.WIDTH;
    int whole = headDim - headDim % width;
    return d < whole
        ? (d / width * TILE + slot) * width + d % width
        : whole * TILE + slot * (headDim - whole) + d - whole;
  }

  /// Returns how many elements in a row share a scale: 32, as in ggml's blocks, or the largest
  /// power of two below that divides the row.
  ///
  /// @param columns elements of a row
  /// @return a divisor of `columns`
  static int group(int columns) {
    return Math.min(32, Integer.lowestOneBit(columns));
  }

  /// Returns where the scales of a quantised matrix start, from its own start.
  static long scaleOffset(DType type, int elements) {
    return type == DType.Q4_0 ? elements / 2 : elements;
  }

  private long matrixBytes(DType type, int columns) {
    int elements = TILE * headDim;
    return type.isQuantized()
        ? scaleOffset(type, elements) + (long) elements / group(columns) * SCALE_BYTES
        : type.bytes(elements);
  }
}
