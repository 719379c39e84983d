package dev.farspan.kernels;

/// The nonlinearity of a feed-forward layer.
public enum Activation {
  /// `x / (1 + exp(-x))` (Elfwing et al., arXiv 1702.03118, "SiLU").
  SILU,
  /// `x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))` (Hendrycks and Gimpel, arXiv 1606.08415,
  /// section 2).
  GELU_TANH,
  /// `x/2 * (1 + erf(x / sqrt(2)))`, the exact form (arXiv 1606.08415, section 2).
  GELU,
  /// `max(x, 0)`.
  RELU
}
