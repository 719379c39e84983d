package dev.farspan.context.model;

/// Kind and places of the normalisations in a layer.
///
/// @param kind the formula
/// @param placement where a layer normalises
/// @param epsilon added to the mean square (or variance)
public record NormConfig(Kind kind, Placement placement, double epsilon) {

  /// The formula of a normalisation.
  public enum Kind {
    /// `x / sqrt(mean(x^2) + eps) * w`.
    RMS,
    /// `(x - mean) / sqrt(var + eps) * w + b`.
    LAYER
  }

  /// Where a layer normalises.
  public enum Placement {
    /// Before attention and before feed-forward (Llama).
    PRE,
    /// Before and after both (Gemma 2 and 3).
    PRE_AND_POST,
    /// After both, before the residual is added (OLMo 2).
    POST,
    /// Before both, which read the same input and are added together (GPT-NeoX).
    PARALLEL
  }

  /// Checks the epsilon.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public NormConfig {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("the norm's epsilon must be positive, got " + epsilon);
    }
  }
}
