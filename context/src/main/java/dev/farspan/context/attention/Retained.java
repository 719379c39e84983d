package dev.farspan.context.attention;

/// The keys that later queries may still see: `0 .. head - 1` and `tail ..`; all between are dead.
///
/// @param head how many of the first keys are kept
/// @param tail first key kept after them
public record Retained(int head, int tail) {
  /// Every key is kept.
  public static final Retained ALL = new Retained(0, 0);

  /// Returns whether a key may still be seen.
  ///
  /// @param j index of the key
  /// @return whether it lies outside the dead range
  public boolean keeps(int j) {
    return j < head || j >= tail;
  }
}
