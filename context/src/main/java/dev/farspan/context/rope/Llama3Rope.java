package dev.farspan.context.rope;

/// Llama-3 scaling: slow pairs divided by the factor, fast pairs kept, a linear blend between.
///
/// Source: transformers `_compute_llama3_parameters`, in its float32 arithmetic.
final class Llama3Rope {
  private Llama3Rope() {}

  static float[] inverseFrequencies(RopeBase base, FrequencyPolicy.Llama3 policy, int original) {
    float[] frequencies = Unscaled.inverseFrequencies(base.rotaryDim(), base.theta());
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = scaled(frequencies[i], policy, original);
    }
    return frequencies;
  }

  private static float scaled(float trained, FrequencyPolicy.Llama3 policy, int original) {
    float wavelength = (float) (2 * Math.PI) / trained;
    // A factor of 1 is the trained table bit for bit; blending equal numbers could still round.
    if (wavelength < (float) (original / policy.high()) || policy.factor() == 1) {
      return trained;
    }
    if (wavelength > (float) (original / policy.low())) {
      return trained / (float) policy.factor();
    }
    float turns = original / wavelength;
    float keep = (turns - (float) policy.low()) / (float) (policy.high() - policy.low());
    return (1 - keep) * trained / (float) policy.factor() + keep * trained;
  }
}
