package dev.farspan.context.rope;

/// How YaRN's attention factor is found (transformers `_compute_yarn_parameters`).
public sealed interface YarnTemperature {

  /// `0.1 ln(factor) + 1`, 1 for a factor up to 1 (arXiv 2309.00071 section 3.4).
  record FromFactor() implements YarnTemperature {}

  /// DeepSeek's pair: `g(factor, mscale) / g(factor, mscaleAllDim)`, `g(s, m) = 0.1 m ln(s) + 1`.
  ///
  /// @param mscale multiplier of the numerator
  /// @param mscaleAllDim multiplier of the denominator
  record Mscale(double mscale, double mscaleAllDim) implements YarnTemperature {
    /// Checks the multipliers: below 0 the quotient could vanish or turn the scores round.
    public Mscale {
      if (!(mscale >= 0 && mscaleAllDim >= 0) || Double.isInfinite(mscale + mscaleAllDim)) {
        throw new IllegalArgumentException(
            "mscale and mscale_all_dim must be finite and at least 0, got "
                + mscale
                + " and "
                + mscaleAllDim);
      }
    }
  }

  /// A factor given verbatim.
  ///
  /// @param attentionFactor factor on cosine and sine
  record Given(double attentionFactor) implements YarnTemperature {
    /// Checks the factor.
    public Given {
      if (!(attentionFactor > 0) || Double.isInfinite(attentionFactor)) {
        throw new IllegalArgumentException(
            "attention_factor must be positive, got " + attentionFactor);
      }
    }
  }

  /// Returns the attention factor of a scaling factor.
  ///
  /// @param factor YaRN's s
  /// @return the factor on cosine and sine
  default double attentionFactor(double factor) {
    return switch (this) {
      case FromFactor() -> magnitude(factor, 1);
      case Mscale(double mscale, double all) -> magnitude(factor, mscale) / magnitude(factor, all);
      case Given(double given) -> given;
    };
  }

  private static double magnitude(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
  }
}
