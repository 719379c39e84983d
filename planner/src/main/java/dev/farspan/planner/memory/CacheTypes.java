package dev.farspan.planner.memory;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.tensor.DType;
import java.util.List;
import java.util.Locale;

/// What keys and values are stored as, and what that takes.
///
/// The runtime's own layout is `PageLayout` in module `kernels`; a test holds the two together.
///
/// @param keys type of the keys
/// @param values type of the values
public record CacheTypes(DType keys, DType values) {
  /// Positions of a page, which are stored or dropped together.
  public static final int PAGE = 64;

  /// Every type that keys and values can have, most exact first.
  public static final List<DType> TYPES =
      List.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0);

  private static final int SCALE_BYTES = 2; // an F16
  private static final int SCALED_TOGETHER = 32; // as in ggml's blocks

  /// Checks the types.
  ///
  /// @throws IllegalArgumentException if a cache cannot hold one of them
  public CacheTypes {
    if (!TYPES.contains(keys) || !TYPES.contains(values)) {
      throw new IllegalArgumentException(
          "a KV cache holds F32, F16, BF16, Q8_0 or Q4_0, not " + keys + " and " + values);
    }
  }

  /// Returns one type for both.
  ///
  /// @param both type of keys and values
  /// @return the pair
  public static CacheTypes of(DType both) {
    return new CacheTypes(both, both);
  }

  /// Returns whether pages are made from exact ones when they are complete.
  ///
  /// @return whether keys or values are quantised
  public boolean quantised() {
    return keys.isQuantized() || values.isQuantized();
  }

  /// Returns what one page of one layer takes.
  ///
  /// @param heads the model's heads
  /// @return bytes
  public long pageBytes(AttentionConfig heads) {
    // Scales run along positions for keys and along the elements of a head for values.
    long keyBytes = matrixBytes(keys, heads.headDim(), PAGE);
    long valueBytes = matrixBytes(values, heads.headDim(), heads.headDim());
    return heads.kvHeads() * (keyBytes + valueBytes);
  }

  /// Returns what a page takes before it is quantised.
  ///
  /// @param heads the model's heads
  /// @return bytes of floats
  public static long exactPageBytes(AttentionConfig heads) {
    return of(DType.F32).pageBytes(heads);
  }

  private static long matrixBytes(DType type, int headDim, int row) {
    long elements = (long) PAGE * headDim;
    if (!type.isQuantized()) {
      return type.bytes(elements);
    }
    long integers = type == DType.Q4_0 ? elements / 2 : elements;
    int group = Math.min(SCALED_TOGETHER, Integer.lowestOneBit(row));
    return integers + elements / group * SCALE_BYTES;
  }

  /// Returns what the textbook formula gives: `2 * B * T * L * H_kv * d * b`, with no regard to
  /// pages, windows or methods.
  ///
  /// @param heads the model's heads
  /// @param layers layers that keep keys and values (L)
  /// @param tokens tokens of a sequence (T)
  /// @param batch sequences (B)
  /// @return bytes, with 34/32 and 18/32 bytes an element for `Q8_0` and `Q4_0`
  public long textbookBytes(AttentionConfig heads, int layers, long tokens, int batch) {
    double each = bytesOfElement(keys) + bytesOfElement(values);
    return Math.round(each * heads.kvSize() * layers * tokens * batch);
  }

  private static double bytesOfElement(DType type) {
    return (double) type.blockBytes() / type.blockSize();
  }

  @Override
  public String toString() {
    return keys == values ? name(keys) : name(keys) + "/" + name(values);
  }

  private static String name(DType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
