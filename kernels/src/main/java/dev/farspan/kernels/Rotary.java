package dev.farspan.kernels;

/// How the query rows of one tile are rotated.
///
/// @param headDim elements of a row
/// @param pairs rotated pairs, elements `p` and `p + pairs`; the elements from `2 * pairs` on are
///   not rotated
/// @param group consecutive rows that share an angle: the query heads of one kv head
/// @param rotScale factor of the rotated elements: the softmax scale and the attention factor
/// @param passScale factor of the others
public record Rotary(int headDim, int pairs, int group, float rotScale, float passScale) {
  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException if there are more pairs than elements, or a size below 1
  public Rotary {
    if (pairs < 0 || 2 * pairs > headDim || group < 1) {
      throw new IllegalArgumentException(
          "%d pairs do not fit rows of %d elements in groups of %d"
              .formatted(pairs, headDim, group));
    }
  }
}
