package dev.farspan.context.lint;

/// What a family of models has of its own in how it names and defaults RoPE settings.
///
/// Source: transformers 5.23 `models/*/configuration_*.py`.
///
/// @param thetaKey top-level key of the base
/// @param theta base of a file without one
/// @param fractionKey top-level key of the rotated fraction of a head
/// @param fraction rotated fraction in a file without one
/// @param readsFraction whether the family's model class heeds the fraction
/// @param style what else is special
record RopeFamily(
    String thetaKey,
    double theta,
    String fractionKey,
    double fraction,
    boolean readsFraction,
    Style style) {

  enum Style {
    PLAIN,
    /// Only `default` and `longrope`; the original length stands at the top level, 4096 if absent.
    PHI3,
    /// One rotary embedding for each layer type; old files name the base of the sliding layers
    /// `rope_local_base_freq`, and their `rope_scaling` is for the full layers.
    GEMMA3,
    /// YaRN with factor 32 over 4096 positions if the file says nothing.
    GPT_OSS
  }

  static RopeFamily of(String modelType) {
    return switch (modelType) {
      case "phi3" -> named(10_000, true, Style.PHI3);
      case "gemma3_text" -> named(1_000_000, false, Style.GEMMA3);
      case "gpt_oss" -> named(150_000, false, Style.GPT_OSS);
      case "mixtral" -> named(1_000_000, false, Style.PLAIN);
      case "smollm3" -> named(2_000_000, false, Style.PLAIN);
      case "gpt_neox" ->
          new RopeFamily("rotary_emb_base", 10_000, "rotary_pct", 0.25, true, Style.PLAIN);
      default -> named(10_000, false, Style.PLAIN);
    };
  }

  private static RopeFamily named(double theta, boolean readsFraction, Style style) {
    return new RopeFamily("rope_theta", theta, "partial_rotary_factor", 1, readsFraction, style);
  }
}
