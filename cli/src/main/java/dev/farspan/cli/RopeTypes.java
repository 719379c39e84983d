package dev.farspan.cli;

import dev.farspan.context.rope.FrequencyPolicy;

/// Names of frequency policies in reports: those of Hugging Face configurations where they have one
/// (`rope_type`), those of the method grammar otherwise.
final class RopeTypes {
  private RopeTypes() {}

  static String name(FrequencyPolicy policy) {
    return switch (policy) {
      case FrequencyPolicy.None _ -> "default";
      case FrequencyPolicy.Linear _ -> "linear";
      case FrequencyPolicy.Ntk _ -> "ntk";
      case FrequencyPolicy.BaseChange _ -> "base";
      case FrequencyPolicy.NtkByParts _ -> "ntk-by-parts";
      case FrequencyPolicy.Yarn _ -> "yarn";
      case FrequencyPolicy.Llama3 _ -> "llama3";
      case FrequencyPolicy.LongRope _ -> "longrope";
      case FrequencyPolicy.Divisors _ -> "divisors";
      case FrequencyPolicy.DynamicLinear _ -> "dynamic-linear";
      case FrequencyPolicy.DynamicNtk _ -> "dynamic";
      case FrequencyPolicy.DynamicYarn _ -> "dynamic-yarn";
    };
  }
}
