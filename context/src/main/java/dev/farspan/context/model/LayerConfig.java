package dev.farspan.context.model;

/// What one layer has of its own.
///
/// @param window keys its attention sees, its own position included; [#FULL] for all
/// @param rope index of its rotary embedding in [ModelConfig#ropes]; [#NO_ROPE] for none
public record LayerConfig(int window, int rope) {
  /// Value of `window` for full attention.
  public static final int FULL = 0;

  /// Value of `rope` for a layer without rotary embedding (NoPE).
  public static final int NO_ROPE = -1;

  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if `window` is negative or `rope` below -1
  public LayerConfig {
    if (window < FULL) {
      throw new IllegalArgumentException("sliding_window must be at least 1, got " + window);
    }
    if (rope < NO_ROPE) {
      throw new IllegalArgumentException("rope index must be at least -1, got " + rope);
    }
  }
}
