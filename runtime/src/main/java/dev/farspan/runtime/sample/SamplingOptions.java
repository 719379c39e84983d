package dev.farspan.runtime.sample;

/// How the next token is chosen. Each value has one that switches it off, and they apply in this
/// order: penalty, temperature, top-k, top-p, min-p.
///
/// @param temperature what logits are divided by; 0 takes the largest, whatever the three filters
/// @param topK only tokens at least as likely as the k-th are kept, ties included; 0 keeps all
/// @param topP a token is kept while those before it, likeliest first, have less than this
///   probability together; 1 keeps all (nucleus sampling, arXiv 1904.09751 section 3.1)
/// @param minP only tokens with at least this share of the likeliest one's probability are kept; 0
///   keeps all (arXiv 2407.01082 section 3)
/// @param repetitionPenalty positive logits of tokens that occurred are divided by it, negative
///   ones multiplied; 1 changes nothing (CTRL, arXiv 1909.05858 section 4.1, extended to negative
///   logits as transformers does)
/// @param seed the same seed and logits give the same tokens
public record SamplingOptions(
    double temperature, int topK, double topP, double minP, double repetitionPenalty, long seed) {

  /// The likeliest token, always.
  public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1, 0);

  /// Checks every value.
  ///
  /// @throws IllegalArgumentException if one is outside its range
  public SamplingOptions {
    require(
        temperature >= 0 && temperature < Double.POSITIVE_INFINITY,
        "temperature",
        temperature,
        "0 (greedy) or more");
    require(topK >= 0, "top-k", topK, "0 (off) or more");
    require(topP > 0 && topP <= 1, "top-p", topP, "more than 0, up to 1 (off)");
    require(minP >= 0 && minP <= 1, "min-p", minP, "0 (off) to 1");
    require(
        repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY,
        "repetition-penalty",
        repetitionPenalty,
        "more than 0 (1 is off)");
  }

  /// Returns whether the likeliest token is always taken.
  ///
  /// @return whether the temperature is 0
  public boolean greedy() {
    return temperature == 0;
  }

  private static void require(boolean holds, String what, Number value, String range) {
    if (!holds) {
      throw new IllegalArgumentException(what + " " + value + " is out of range; use " + range);
    }
  }
}
