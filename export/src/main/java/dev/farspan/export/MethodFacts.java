package dev.farspan.export;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import java.util.Locale;

/// A frequency policy in words, for a model card.
///
/// @param name what it is called
/// @param equation what it does to the frequencies
/// @param source who found it
record MethodFacts(String name, String equation, String source) {
  static MethodFacts of(FrequencyPolicy policy, RopeBase base) {
    return switch (policy) {
      case FrequencyPolicy.None _ ->
          new MethodFacts(
              "none",
              "theta_i = b^(-2i/d), as trained",
              "RoFormer, https://arxiv.org/abs/2104.09864");
      case FrequencyPolicy.Linear(double factor) ->
          new MethodFacts(
              "position interpolation by " + number(factor),
              "theta'_i = theta_i / s",
              "https://arxiv.org/abs/2306.15595, equation 4");
      case FrequencyPolicy.Ntk(double factor) ->
          new MethodFacts(
              "NTK-aware scaling by " + number(factor),
              "b' = b s^(d/(d-2)), with b = " + number(base.theta()) + ", d = " + base.rotaryDim(),
              "https://arxiv.org/abs/2309.00071, section 3.1");
      case FrequencyPolicy.BaseChange(double theta) ->
          new MethodFacts(
              "base " + number(theta),
              "theta'_i = b'^(-2i/d)",
              "https://arxiv.org/abs/2308.12950 and https://arxiv.org/abs/2309.16039");
      case FrequencyPolicy.NtkByParts parts ->
          new MethodFacts(
              "NTK-by-parts by " + number(parts.factor()),
              "pairs of few turns over L divided by s, those of many kept, a ramp between",
              "https://arxiv.org/abs/2309.00071, section 3.2");
      case FrequencyPolicy.Yarn yarn ->
          new MethodFacts(
              "YaRN by " + number(yarn.factor()),
              "NTK-by-parts, and cosine and sine times "
                  + number(yarn.temperature().attentionFactor(yarn.factor())),
              "https://arxiv.org/abs/2309.00071");
      case FrequencyPolicy.Llama3 llama3 ->
          new MethodFacts(
              "Llama-3 scaling by " + number(llama3.factor()),
              "slow pairs divided by the factor, fast ones kept, a blend between",
              "https://arxiv.org/abs/2407.21783 and transformers modeling_rope_utils.py");
      case FrequencyPolicy.LongRope longRope ->
          new MethodFacts(
              "LongRoPE by " + number(longRope.factor()),
              "theta'_i = theta_i / lambda_i, one lambda for each pair",
              "https://arxiv.org/abs/2402.13753");
      case FrequencyPolicy.Divisors _ ->
          new MethodFacts(
              "a divisor for each pair",
              "theta'_i = theta_i / lambda_i",
              "the model's own file (in GGUF, Llama-3 scaling looks like this)");
      case FrequencyPolicy.DynamicLinear _ ->
          new MethodFacts(
              "dynamic position interpolation",
              "theta'_i = theta_i L / n at n tokens",
              "https://arxiv.org/abs/2309.00071, section 3.3");
      case FrequencyPolicy.DynamicNtk(double factor, var _) ->
          new MethodFacts(
              "dynamic NTK",
              "NTK-aware scaling by s(n) = f n / L - (f - 1) at n tokens, f = " + number(factor),
              "transformers modeling_rope_utils.py, `dynamic`");
      case FrequencyPolicy.DynamicYarn _ ->
          new MethodFacts(
              "dynamic YaRN",
              "YaRN by n / L at n tokens",
              "https://arxiv.org/abs/2309.00071, section 3.3");
    };
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }
}
